"""From folders on the command line to dossiers: each bundle is opened and judged with its own contract."""

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from pv.cli.bound import freshness_of
from pv.cli.project import Project, find_project, nearby
from pv.contract import Loaded, load_all
from pv.errors import UsageError
from pv.evidence import Opened, find_bundles, open_bundle, stated
from pv.verdict import Sources, Verdict, current_sources, judge_contract, worst
from pv.view.dossier import Dossier

FALSIFIED, NO_VERDICT, BROKEN_TRUST = 1, 3, 4


def open_dossiers(paths: Sequence[Path]) -> list[Dossier]:
    """Open bundles and judge each, with the project's evidence beside it for receipts.

    Raises:
        UsageError: A path does not exist or is no bundle.
    """
    project = find_project(paths)
    bundles = [_open(path) for path in paths]
    folder = nearby(project.contracts)
    files = load_all([folder]).files if folder.exists() else ()
    sources = current_sources(freshness_of(project))
    return [_dossier(opened, files, project, sources) for opened in bundles]


def _open(path: Path) -> Opened:
    try:
        if not os.path.lexists(path):
            raise UsageError(str(path), "no such folder", "name the folder of a bundle")
        if not path.is_dir():
            raise UsageError(str(path), "is no folder, so it is no bundle", "name the folder above manifest.json")
        if not os.path.lexists(path / "manifest.json"):
            raise UsageError(str(path), "holds no manifest.json, so it is no bundle", "name a sealed bundle")
    except (OSError, ValueError) as error:
        raise UsageError(str(path), f"cannot be read ({error})", "name a readable folder") from error
    return open_bundle(path)


def _dossier(opened: Opened, files: Iterable[Loaded], project: Project, sources: Sources) -> Dossier:
    loaded = _contract_of(opened, files)
    if loaded is None or loaded.contract is None:
        return Dossier(opened=opened, verdicts=())
    own = opened.path.resolve()
    others = [*find_bundles(nearby(project.evidence), loaded.path.stem), *_former(opened, project, loaded.path.stem)]
    beside = [open_bundle(path) for path in others if path.resolve() != own]
    claims = judge_contract(loaded, [opened, *beside], sources).claims
    return Dossier(
        opened=opened,
        verdicts=tuple(found for claim in claims for found in claim.bundles if found.bundle == opened.path),
        names={claim.id: claim.aliases[0] for claim in loaded.contract.claims if claim.aliases},
    )


def _former(opened: Opened, project: Project, stem: str) -> list[Path]:
    """The run tried by hand that a bundle says it was made again of, where it lies there."""
    said = stated(opened.bundle) if opened.bundle else None
    return [path for path in find_bundles(nearby(project.runs), stem) if said and path.name == said.bundle]


def _contract_of(opened: Opened, files: Iterable[Loaded]) -> Loaded | None:
    """The contract that was locked, else the one whose evidence the bundle lies among."""
    lock = opened.bundle.lock.get("contract") if opened.bundle else None
    locked = lock.get("id") if isinstance(lock, dict) else None
    stem = opened.path.absolute().parent.name
    readable = [(file, file.contract) for file in files if file.contract]
    named = [file for file, contract in readable if contract.id == locked]
    return next(iter((*named, *(file for file, _ in readable if file.path.stem == stem))), None)


def exit_status(dossiers: Sequence[Dossier]) -> int:
    """The exit status of judged bundles: a run under a mutant counts for nothing unless it was altered."""
    return worst(code for dossier in dossiers for code in _codes(dossier))


def _codes(dossier: Dossier) -> Iterator[int]:
    if dossier.faults:
        yield BROKEN_TRUST
    elif not dossier.verdicts:
        yield NO_VERDICT
    for verdict in dossier.verdicts:
        if dossier.mutant is None:
            yield {Verdict.FALSIFIED: FALSIFIED, Verdict.SUSPECT: BROKEN_TRUST}.get(verdict.verdict, 0)
