"""From contracts on the command line to the kill matrix: what is missing is run, what is kept is judged."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pv.cli.bound import freshness_of, packages_of
from pv.cli.output import tell
from pv.cli.project import Project, find_project, nearby
from pv.cli.trials import Options, Selected, carry, units
from pv.cli.workers import mapped
from pv.contract import Loaded, load, load_all
from pv.errors import BindingError, ContractError, PvError, UsageError
from pv.evidence import find_bundles, locked_claims, open_bundle
from pv.evidence.fields import part
from pv.power import (
    FUNCTIONS,
    Cell,
    Judged,
    Matrix,
    State,
    Trial,
    cell_of,
    derive,
    fresh_trials,
    seed_of,
    sharing,
    wanted_trials,
)
from pv.trial import environment, server
from pv.verdict import BundleVerdict, current_sources, judge_contract
from pv.view.power import Repeat

CASES = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A matrix with what it was derived from."""

    project: Project
    judged: tuple[Judged, ...]
    matrix: Matrix


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What carrying out a trial gave."""

    verdicts: tuple[BundleVerdict, ...] = ()
    unapplied: str = ""
    """Why its mutant did not apply."""

    failed: str = ""
    """Why there is no bundle."""


def shown(names: Sequence[str], jobs: int, seeds: int, *, running: bool) -> Shown:
    """Return the matrix of contracts, of all where none is named.

    Raises:
        UsageError: There is no such contract.
        ContractError: A contract has errors.
    """
    project = find_project([Path(name) for name in names])
    packages = packages_of(project)
    files = _files(project, names)
    judged = _judged(project, files)
    unapplied: dict[str, str] = {}
    if running:
        contracts = [(file.path.stem, file.contract) for file in files if file.contract]
        wanted = list(wanted_trials(contracts, packages, seeds=seeds))
        kept = fresh_trials(judged, wanted)
        todo = [trial for trial in wanted if trial not in kept]
        tell(f"{len(wanted)} trials, {len(kept)} kept, {len(todo)} to run")
        unapplied = _run(project, files, todo, jobs)
        judged = _judged(project, files) if todo else judged
    matrix = derive(judged, packages, whole=not names, unapplied=unapplied)
    return Shown(project=project, judged=judged, matrix=matrix)


def _files(project: Project, names: Sequence[str]) -> tuple[Loaded, ...]:
    """The contracts that are meant, by path, id or name of the file."""
    known = load_all([nearby(project.contracts)]).files
    found = [one for name in names for one in _called(name, known)] if names else list(known)
    for file in found:
        for problem in file.problems:
            if problem.severity == "error":
                raise ContractError(f"{problem.path}:{problem.line}:{problem.column}", problem.message, problem.hint)
    return tuple({file.path: file for file in found}.values())


def _called(name: str, known: Sequence[Loaded]) -> Sequence[Loaded]:
    if Path(name).exists():
        return load_all([Path(name)]).files
    found = [one for one in known if one.path.stem == name or (one.contract and one.contract.id == name)]
    if not found:
        stems = ", ".join(sorted(one.path.stem for one in known)) or "there is none"
        raise UsageError(name, "no such contract", f"give a path, an id, or one of: {stems}")
    return found


def _judged(project: Project, files: Sequence[Loaded]) -> tuple[Judged, ...]:
    sources = current_sources(freshness_of(project, project.scratch / "cache" / "syntax.json"))
    found = []
    for file in files:
        opened = tuple(open_bundle(path) for path in find_bundles(nearby(project.evidence), file.path.stem))
        found.append(Judged(verdict=judge_contract(file, opened, sources), opened=opened))
    return tuple(found)


def _run(project: Project, files: Sequence[Loaded], todo: Sequence[Trial], jobs: int) -> dict[str, str]:
    """Carry out trials and keep their bundles; mutant to why it did not apply."""
    paths = {file.path.stem: file.path for file in files}
    runs = sharing(todo, {file.path.stem: file.contract for file in files if file.contract})
    tasks = [(project, tuple(paths[trial.stem] for trial in run), run, True) for run in runs]
    unapplied: dict[str, str] = {}
    done = 0
    for run, tried in zip(runs, mapped(_tried, tasks, jobs, chunk=1), strict=True):
        done += len(run)
        said = ", ".join(sorted({str(one.verdict) for one in tried.verdicts}))
        titles = "; ".join(trial.title for trial in run)
        tell(f"[{done}/{len(todo)}] {titles}: {tried.unapplied or tried.failed or said}")
        if tried.unapplied:
            unapplied[run[0].mutant] = tried.unapplied
    return unapplied


def _tried(task: tuple[Project, tuple[Path, ...], tuple[Trial, ...], bool]) -> Tried:
    """Carry out trials of one run; contracts do not travel between processes, so they are read here."""
    project, paths, trials, keeping = task
    try:
        files = [load(path) for path in paths]
        return Tried(verdicts=tuple(carried(project, files, trials, device="auto", keeping=keeping)))
    except BindingError as error:
        mine = error.where == f"mutant {trials[0].mutant}"
        return Tried(unapplied=error.what) if mine else Tried(failed=str(error))
    except PvError as error:
        return Tried(failed=str(error))
    except Exception as error:  # noqa: BLE001  a fault of ours in one trial must not take the others' results away
        what = " ".join(f"{type(error).__name__}: {error}".split())
        return Tried(failed=f"internal error: {what}; please report it")


def carried(
    project: Project, files: Sequence[Loaded], trials: Sequence[Trial], *, device: str, keeping: bool
) -> list[BundleVerdict]:
    """Carry out trials that share a run, and return what its bundles say about each of their claims.

    Args:
        project: Where they are kept.
        files: The contract of each.
        trials: They differ in contract, claims and name of the profile alone.
        device: As that of `pv discharge`.
        keeping: Whether the bundles go into `evidence/`.

    Raises:
        PvError: Something could not be carried out; a BindingError where the mutant did not apply.
    """
    trial = trials[0]
    entries = [
        Selected(claim=claim, contract=file.contract, loaded=file, profile=one.profile)
        for file, one in zip(files, trials, strict=True)
        if file.contract
        for claim in file.contract.claims
        if claim.id in one.claims
    ]
    options = Options(
        mutant=trial.mutant or None,
        seed=trial.seed,
        cases=CASES,
        dataset=None,
        device=device,
    )
    (unit,) = units(entries, packages_of(project))
    server.start(environment.of_commands(project.scratch))
    return carry(project, unit, options, keeping, trial.title)


def repeated(of: Shown, sample: int, seed: int, jobs: int) -> list[Repeat]:
    """Run random cells again, keep nothing, and return each beside what is kept of it.

    Cells of one trial share its run; those of other hardware than a CPU are not chosen.
    """
    trials = {cell: trial for cell in of.matrix.tried if cell.declared and (trial := _trial_of(cell, of))}
    chosen = random.Random(seed).sample(list(trials), min(sample, len(trials)))  # noqa: S311  a sample, no secret
    paths = {one.verdict.path.stem: one.verdict.path for one in of.judged}
    once = list(dict.fromkeys(trials[cell] for cell in chosen))
    tasks = [(of.project, (paths[trial.stem],), (trial,), False) for trial in once]
    results = dict(zip(once, mapped(_tried, tasks, jobs, chunk=1), strict=True))
    return [_compared(cell, results[trials[cell]], of.judged) for cell in chosen]


def _trial_of(cell: Cell, of: Shown) -> Trial | None:
    """The trial on a CPU that left a cell's bundle; None where there is none."""
    shared = {row.claim for row in of.matrix.rows if row.about == "run"}
    for one in of.judged:
        for claim, verdict, bundle in one.pairs():
            here = claim.id == cell.claim and verdict.bundle.name == cell.bundle
            if here and part(bundle.run, "device").get("platform") == "cpu":
                claims = tuple(name for name in locked_claims(bundle) if name in shared)
                return Trial(
                    stem=one.verdict.path.stem,
                    profile=verdict.profile,
                    mutant=cell.mutant,
                    claims=(claim.id,) if verdict.profile == FUNCTIONS else claims,
                    seed=seed_of(bundle),
                )
    return None


def _compared(cell: Cell, tried: Tried, judged: Sequence[Judged]) -> Repeat:
    now = _again(cell, tried, judged)
    return Repeat(claim=cell.claim, mutant=cell.mutant, recorded=cell.state, repeated=now.state, note=now.note)


def _again(cell: Cell, tried: Tried, judged: Sequence[Judged]) -> Cell:
    owners: Mapping[str, Judged] = {claim.claim.id: one for one in judged for claim in one.verdict.claims}
    owner = owners[cell.claim]
    claim = next(one.claim for one in owner.verdict.claims if one.claim.id == cell.claim)
    for verdict in tried.verdicts:
        bundle = open_bundle(verdict.bundle).bundle
        if verdict.claim_id == cell.claim and bundle is not None:
            return cell_of(claim, verdict, bundle, owner.honest())
    state = State.NOT_APPLIED if tried.unapplied else State.NOT_RUN
    note = tried.unapplied or tried.failed
    return Cell(claim=cell.claim, mutant=cell.mutant, state=state, declared=True, note=note)
