"""Starts an investigation from a bundle of a claim that is SUSPECT or FALSIFIED."""

import json
import os
from collections.abc import Sequence
from pathlib import Path

from pv.binding import mutants
from pv.cli.bound import packages_of
from pv.cli.casework import contract_files, library_of
from pv.cli.project import Project, nearby
from pv.cli.scaffold.files import write_new
from pv.contract import resolve
from pv.errors import UsageError
from pv.investigation import draft, schema
from pv.verdict import BundleVerdict, ClaimVerdict, Verdict

FOLDER = "investigations"


def add_investigation(project: Project, reference: str, bundle: str) -> tuple[Path, ...]:
    """Write an investigation below the project's folder of them, and the schema where it lacks one; what was written.

    Args:
        project: Where the evidence and the runs lie.
        reference: The claim.
        bundle: Folder or name of a bundle; the newest one that speaks against the claim where empty.

    Raises:
        UsageError: There is no such claim or bundle, nothing reads wrong in it, or the file is there already.
    """
    files = contract_files(project)
    claim, _ = resolve(reference, [file.contract for file in files if file.contract])
    library = library_of(project, files, [claim.id])
    found = library.tried[claim.id]
    chosen = _chosen(found, bundle)
    exhibit = next(one for one in library.exhibits if one.opened.path == chosen.bundle)
    made = draft(found, chosen, exhibit, mutants(packages=packages_of(project)))
    texts = {f"{FOLDER}/{made.id}.yaml": made.text}
    if not os.path.lexists(project.root / FOLDER / "schema.json"):
        texts[f"{FOLDER}/schema.json"] = json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"
    return tuple(nearby(path) for path in write_new(project.root, texts))


def _chosen(claim: ClaimVerdict, bundle: str) -> BundleVerdict:
    against = {Verdict.SUSPECT, Verdict.FALSIFIED}
    if bundle:
        name = Path(bundle).name
        found = [one for one in claim.bundles if one.bundle.name == name]
    else:
        found = [one for one in claim.bundles if one.verdict in against and one.mutant is None]
    if found and found[-1].verdict in against:
        return found[-1]
    raise UsageError(bundle or claim.claim.id, _why_none(found, bundle), _remedy(claim.bundles))


def _why_none(found: Sequence[BundleVerdict], bundle: str) -> str:
    if found:
        return f"it is {found[-1].verdict}: there is nothing to explain"
    return "no such bundle of the claim" if bundle else "no honest run of it is SUSPECT or FALSIFIED"


def _remedy(bundles: Sequence[BundleVerdict]) -> str:
    named = [one.bundle.name for one in bundles if one.verdict in {Verdict.SUSPECT, Verdict.FALSIFIED}]
    return f"name one with --bundle: {', '.join(named[:12])}" if named else "run the claim first: pv discharge ID --run"
