"""From paths on the command line to verdicts: contracts are loaded, evidence found, everything judged."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from pv.binding import Freshness, SyntaxCache
from pv.cli.cache import ContractCache, load_each
from pv.cli.project import Project, find_project, nearby
from pv.cli.workers import mapped
from pv.contract import Dialect, LoadedSet, Problem, load_all
from pv.errors import UsageError
from pv.evidence import Fault, find_bundles, open_bundle
from pv.records import dataclass
from pv.verdict import ContractVerdict, Verdict, current_sources, judge_all, validate_exit, worst

USAGE, BROKEN_TRUST = 2, 4
_BROKEN = frozenset({"altered-evidence", "broken-chain", "unreadable-evidence"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Verdicts of contracts, with what there is to say besides."""

    verdicts: tuple[ContractVerdict, ...]
    remarks: tuple[str, ...]
    """For standard error."""

    exit_status: int
    source_roots: tuple[Path | None, ...]
    """Folders of the packages whose sources took part; None for one that is not there."""


def judge(paths: Sequence[Path], *, dialect: Dialect = "old", jobs: int = 0, remembering: bool = True) -> Judged:
    """Judge the contracts below the paths, all of the project's where there are none.

    Args:
        paths: Files and folders.
        dialect: Whose rules hold for legacy files.
        jobs: Processes that read contracts and bundles; 0 for one a core where there are many.
        remembering: Whether to use and to fill the caches of contracts and sources.

    Raises:
        UsageError: A path does not exist.
    """
    project = find_project(paths)
    remembered = project.scratch / "cache" if remembering else None
    cache = ContractCache(remembered and remembered / "contracts", dialect)
    loaded = _load(paths or (nearby(project.contracts),), cache, jobs)
    freshness = Freshness(SyntaxCache(remembered and remembered / "syntax.json"))
    judged = judge_all(loaded.files, (nearby(project.evidence),), current_sources(freshness))
    freshness.save()
    scratch = _scratch_problems(project, loaded, jobs)
    verdicts = tuple(replace(verdict, problems=(*verdict.problems, *scratch[verdict.path])) for verdict in judged)
    codes = [validate_exit(judged)]
    codes += [BROKEN_TRUST] * any(scratch.values()) + [USAGE] * bool(loaded.stray)
    return Judged(
        verdicts=verdicts,
        remarks=tuple(_remarks(loaded, judged)),
        exit_status=worst(codes),
        source_roots=freshness.source_roots(),
    )


def _load(paths: Sequence[Path], cache: ContractCache, jobs: int) -> LoadedSet:
    try:
        return load_all(paths, lambda files: load_each(files, cache, jobs), dialect=cache.dialect)
    except UsageError as error:
        raise UsageError(error.where, error.what, "check the path; nothing was measured") from error
    except (OSError, ValueError) as error:
        raise UsageError("PATHS", f"cannot be looked for ({error})", "check the path; nothing was measured") from error


def _remarks(loaded: LoadedSet, verdicts: Sequence[ContractVerdict]) -> Iterator[str]:
    yield from map(str, loaded.stray)
    claims = [claim for verdict in verdicts for claim in verdict.claims]
    if not loaded.files:
        yield "no contract was found, so nothing was measured"
    elif not claims:
        yield "no claim was found, so nothing was measured"
    elif all(claim.verdict is Verdict.UNTESTED for claim in claims):
        yield "nothing was measured: no evidence speaks about these claims"


def _scratch_problems(project: Project, loaded: LoadedSet, jobs: int) -> dict[Path, list[Problem]]:
    """File to what was altered in runs of it tried by hand: they count for nothing, but must not lie."""
    stems: dict[str, list[Problem]] = {file.path.stem: [] for file in loaded.files}
    tried = [path for path in find_bundles(nearby(project.runs)) if path.parent.name in stems]
    for path, faults in zip(tried, mapped(_broken, tried, jobs), strict=True):
        stems[path.parent.name] += [_altered(path, fault) for fault in faults]
    return {file.path: stems[file.path.stem] for file in loaded.files}


def _broken(bundle: Path) -> list[Fault]:
    return [fault for fault in open_bundle(bundle).faults if fault.rule in _BROKEN]


def _altered(bundle: Path, fault: Fault) -> Problem:
    return Problem(
        code=fault.rule,
        severity="error",
        path=str(bundle / fault.file),
        line=1,
        column=1,
        message=fault.message,
        hint=f"delete {bundle}, or make the run again",
    )
