"""From an investigation on the command line to what it may look at, and the runs that it lacks."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path

from pv.binding import mutants
from pv.cli.bound import freshness_of, packages_of
from pv.cli.output import tell
from pv.cli.project import Project, nearby
from pv.cli.trials import Options, Selected, carry, units
from pv.contract import Contract, load_all, resolve
from pv.contract import Loaded as ContractFile
from pv.errors import ContractError, PvError, UsageError
from pv.evidence import find_bundles, open_bundle
from pv.evidence.fields import count, part
from pv.investigation import Experiment, Investigation, Judged, Library, Loaded, experiments, judge
from pv.investigation.library import profile_of, run_of, seed_of
from pv.investigation.rules import hypotheses
from pv.power import FUNCTIONS
from pv.verdict import ClaimVerdict, Exhibit, Sources, current_sources, examine, judge_claim

CASES = 50


def contract_files(project: Project) -> tuple[ContractFile, ...]:
    """The contracts of a project.

    Raises:
        ContractError: One has errors.
    """
    files = load_all([nearby(project.contracts)]).files
    for file in files:
        for problem in file.problems:
            if problem.severity == "error":
                raise ContractError(f"{problem.path}:{problem.line}:{problem.column}", problem.message, problem.hint)
    return files


def claims_of(investigation: Investigation) -> Iterator[str]:
    """Every claim that an investigation refers to."""
    yield investigation.symptom.claim
    for _, one in hypotheses(investigation):
        yield from (prediction.claim for prediction in one.predicts if prediction.claim)
    for why in investigation.whys:
        yield from (cite.claim for cite in why.cites if cite.claim)


def library_of(project: Project, files: Sequence[ContractFile], references: Iterable[str]) -> Library:
    """What is known of the contracts that have the claims; references to no claim are left out."""
    contracts = tuple(file.contract for file in files if file.contract)
    wanted: set[str] = set()
    for reference in references:
        try:
            wanted.add(resolve(reference, contracts)[1].id)
        except UsageError:
            continue
    sources = current_sources(freshness_of(project, project.scratch / "cache" / "syntax.json"))
    verdicts: dict[str, ClaimVerdict] = {}
    every: dict[str, ClaimVerdict] = {}
    exhibits: list[Exhibit] = []
    for file in files:
        if file.contract and file.contract.id in wanted:
            kept = _exhibits(project.evidence, file)
            tried = _exhibits(project.runs, file, apart={one.opened.path.name for one in kept})
            exhibits += [*kept, *tried]
            verdicts |= _verdicts(file.contract, kept, sources)
            every |= _verdicts(file.contract, [*kept, *tried], sources)
    known = tuple(mutants(packages=packages_of(project)))
    return Library(contracts=contracts, verdicts=verdicts, tried=every, exhibits=tuple(exhibits), mutants=known)


def _exhibits(root: Path, file: ContractFile, apart: Collection[str] = ()) -> list[Exhibit]:
    """The bundles of a contract below a folder, but for those of some names."""
    found = [path for path in find_bundles(nearby(root), file.path.stem) if path.name not in apart]
    return [examine(open_bundle(path), file.contract) for path in found] if file.contract else []


def _verdicts(contract: Contract, exhibits: Sequence[Exhibit], sources: Sources) -> dict[str, ClaimVerdict]:
    return {claim.id: judge_claim(claim, contract, exhibits, sources) for claim in contract.claims}


def judged(project: Project, loaded: Loaded) -> tuple[Judged, Library]:
    """Judge a file against everything that is kept, or was tried by hand.

    Where causes explain the symptom alike, what is returned as known holds other claims too that might part them.
    """
    if loaded.investigation is None:
        return judge(loaded, Library(contracts=())), Library(contracts=())
    files, references = contract_files(project), list(claims_of(loaded.investigation))
    library = library_of(project, files, references)
    found = judge(loaded, library)
    if found.report and found.report.tied:
        elsewhere = _naming([one.injection.mutant for one in found.report.tied if one.injection], files)
        library = library_of(project, files, [*references, *elsewhere])
    return found, library


def _naming(faults: Collection[str], files: Iterable[ContractFile]) -> Iterator[str]:
    """The claims that name one of the faults as a counter-example."""
    for contract in (file.contract for file in files if file.contract):
        yield from (claim.id for claim in contract.claims if not set(faults).isdisjoint(claim.counter_example_classes))


def run_missing(project: Project, loaded: Loaded, dataset: Path | None) -> tuple[Judged, Library, list[int]]:
    """Carry out one experiment after the other, best first, until a cause is confirmed or nothing is left to try.

    Args:
        project: Where the runs are made.
        loaded: The file.
        dataset: The folder that the symptom's run was trained and scored on, where it was not the recipe's.

    Returns:
        What the file is judged as afterwards, and the exit statuses of runs that failed.
    """
    tried: set[str] = set()
    failed: list[int] = []
    while True:
        found, library = judged(project, loaded)
        wanted = experiments(found.report, library) if found.report else ()
        todo = next((one for one in wanted if one.command not in tried), None)
        if todo is None or found.altered:
            return found, library, failed
        tried.add(todo.command)
        tell(f"{todo.command}    (for {', '.join(todo.splits)})")
        symptom = library.at(found.report.bundle) if found.report else None
        try:
            _carry_out(project, todo, symptom, dataset)
        except PvError as error:
            tell(f"pv: {error}")
            failed.append(error.exit_code)


def _carry_out(project: Project, wanted: Experiment, symptom: Exhibit | None, dataset: Path | None) -> None:
    files = contract_files(project)
    claim, contract = resolve(wanted.claim_id, [file.contract for file in files if file.contract])
    file = next(file for file in files if file.contract is contract)
    run = run_of(symptom) if symptom else {}
    profile = wanted.how.profile or (profile_of(symptom) if symptom else "")
    seed = wanted.how.seed if wanted.how.seed is not None else seed_of(symptom) if symptom else 0
    profile = "cpu" if profile in {"", FUNCTIONS} else profile
    selected = Selected(claim=claim, contract=contract, loaded=file, profile=profile)
    (unit,) = units([selected], packages_of(project))
    on_cpu = part(run, "device").get("platform") == "cpu"
    options = Options(
        mutant=wanted.how.mutant or None,
        seed=seed,
        cases=count(run.get("cases")) or CASES,
        dataset=dataset,
        device="cpu" if on_cpu else "auto",
    )
    carry(project, unit, options)
