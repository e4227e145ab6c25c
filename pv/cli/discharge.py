"""`pv discharge`: run what a claim needs, seal the evidence, and stamp the claim."""

from dataclasses import dataclass, replace
from pathlib import Path

import click

from pv.binding import Packages, bind, mutants
from pv.cli.bound import packages_of
from pv.cli.claim_ids import complete_claims
from pv.cli.output import emit, examples, screen, tell
from pv.cli.project import Project, find_project
from pv.cli.trials import Options, Selected, Unit, carry, carry_again, find_former, preview, units
from pv.cli.workers import mapped
from pv.contract import Loaded, LoadedSet, load_all, resolve
from pv.errors import BindingError, ContractError, PvError, UsageError
from pv.trial import environment, server
from pv.verdict import BundleVerdict, Level, discharge_exit, worst
from pv.view.json import discharge_payload, dump
from pv.view.trial import discharge_text, redispatch_text

SERVED = 3
"""Trials a job from which on it pays to import the libraries of most commands once, in a server that forks them."""


@click.command(
    "discharge",
    epilog=examples(
        "pv discharge FALSIFY-005                         what would run, and what is missing",
        "pv discharge FALSIFY-005 --run                   the cpu profile",
        "pv discharge FALSIFY-005 --run --mutant unk-corpus",
        "pv discharge FALSIFY-005 --run --dataset ./my-documents --format json",
        "pv discharge --all --run --keep                  every claim, kept as evidence",
        "pv discharge --all --contract pv-self-v1 --run -j 2",
        "pv discharge FALSIFY-005 --run --redispatch-of 2026-11-20-cpu-0123456789ab",
    ),
)
@click.argument("references", metavar="ID…", nargs=-1, shell_complete=complete_claims)
@click.option("--all", "everything", is_flag=True, help="Every claim that is bound and not planned.")
@click.option("--contract", "name", metavar="NAME", help="Only claims of this contract (id, file name or path).")
@click.option("--run", "running", is_flag=True, help="Really run; without it, say what would run and what is missing.")
@click.option("--profile", default="cpu", show_default=True, help="Profile of the contract's system to run.")
@click.option(
    "--level",
    type=click.Choice([level.value for level in Level]),
    help="Ask for this level instead of the one the claim requires.",
)
@click.option("--mutant", metavar="NAME", help="Plant this fault in a copy of the trainer first.")
@click.option("--dataset", type=click.Path(path_type=Path), help="Train and score on this folder instead.")
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), default=0, show_default=True, help="Seed of the run.")
@click.option("--cases", type=click.IntRange(50), default=50, show_default=True, help="Hypothesis cases a law.")
@click.option(
    "--device",
    default="auto",
    show_default=True,
    help="cpu, cuda or auto; a device that is not there is an error.",
)
@click.option("-j", "--jobs", type=click.IntRange(1), default=1, show_default=True, help="Trials at a time.")
@click.option(
    "--redispatch-of", "former", metavar="BUNDLE", help="Say what this run is made again of, and show both verdicts."
)
@click.option("--keep", "keeping", is_flag=True, help="Put the bundle into evidence/, where it counts.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(  # noqa: PLR0913, PLR0917 - one parameter an option
    references: tuple[str, ...],
    everything: bool,
    name: str | None,
    running: bool,
    profile: str,
    level: str | None,
    mutant: str | None,
    dataset: Path | None,
    seed: int,
    cases: int,
    device: str,
    jobs: int,
    former: str | None,
    keeping: bool,
    form: str,
) -> int:
    """Try a claim: run the trainer and the falsifiers, seal the bundle, stamp the claim.

    Claims about a run share it, those of several contracts too where these name one recipe; a claim about functions
    is attacked by itself. Where there are several trials, each is carried out whatever becomes of the others, and `-j`
    changes the time alone.
    Progress goes to standard error. An interrupted run goes on where it stopped when it is asked for again.
    """
    project = find_project()
    packages = packages_of(project)
    selected = _select(load_all([project.contracts]), references, name, packages, profile, everything=everything)
    options = Options(mutant=mutant, seed=seed, cases=cases, dataset=dataset, device=device)
    planted = mutants(packages=packages)
    if mutant is not None and mutant not in planted:
        raise UsageError(f"--mutant {mutant}", "no such mutant", f"one of {', '.join(planted)}")
    found = units(selected, packages)
    if not found:
        tell("nothing is selected: every claim is planned or bound to no falsifier")
        return discharge_exit(())
    if former is not None:
        if len(found) != 1:
            what = f"{len(found)} trials are selected, and one is made again of it"
            raise UsageError(f"--redispatch-of {former}", what, "select one")
        options = replace(options, redispatch_of=find_former(project, former, found[0]))
    if not running:
        emit("\n\n".join(preview(project, unit, options) for unit in found))
        return 0
    if options.redispatch_of:
        return _again(project, found[0], options, Level(level) if level else None, keeping=keeping, form=form)
    verdicts, codes = _tried(project, found, options, jobs, keeping=keeping)
    if form == "json":
        payloads = [discharge_payload(verdict) for verdict in verdicts]
        emit(dump(payloads[0] if len(selected) == len(payloads) == 1 else {"schema_version": "1", "results": payloads}))
    elif verdicts:
        shown = screen()
        emit("\n\n".join(discharge_text(verdict, shown.width, shown.colour) for verdict in verdicts))
    return worst([*codes, *([discharge_exit(verdicts, Level(level) if level else None)] if verdicts else [])])


def _again(project: Project, unit: Unit, options: Options, asked: Level | None, *, keeping: bool, form: str) -> int:
    """Make a trial again, and show what changed and both verdicts of each claim side by side."""
    verdicts, formers = carry_again(project, unit, options, keeping)
    if form == "json":
        payloads = [
            {**discharge_payload(verdict), "former": discharge_payload(former)}
            for verdict, former in zip(verdicts, formers, strict=True)
        ]
        emit(dump(payloads[0] if len(payloads) == 1 else {"schema_version": "1", "results": payloads}))
    else:
        shown = screen()
        for verdict, former in zip(verdicts, formers, strict=True):
            emit(discharge_text(verdict, shown.width, shown.colour) + "\n\n" + redispatch_text(verdict, former, shown))
    return discharge_exit(verdicts, asked)


def _tried(
    project: Project, found: list[Unit], options: Options, jobs: int, *, keeping: bool
) -> tuple[list[BundleVerdict], list[int]]:
    """What every trial gave, in the order of the trials, and the exit statuses of those that could not be made."""
    if len(found) == 1:
        return carry(project, found[0], options, keeping), []
    serving = len(found) >= SERVED * jobs
    tasks = [
        Task(
            project=project,
            claims=tuple(entry.claim.id for entry in unit.entries),
            profile=unit.entries[0].profile,
            options=options,
            keeping=keeping,
            serving=serving,
        )
        for unit in found
    ]
    results = list(mapped(_attempt, tasks, jobs, chunk=1))
    for _, error, _ in results:
        if error:
            tell(f"pv: {error}")
    return [verdict for made, _, _ in results for verdict in made], [code for _, error, code in results if error]


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A trial for another process; contracts do not travel between processes, so the claims come by their ids."""

    project: Project
    claims: tuple[str, ...]
    profile: str
    options: Options
    keeping: bool
    serving: bool
    """Whether so many trials are to come that a server of processes pays."""


def _attempt(task: Task) -> tuple[list[BundleVerdict], str, int]:
    """The verdicts of a trial, or what went wrong and the exit status for it: one trial is not another's business."""
    project, ids = task.project, task.claims
    try:
        packages = packages_of(project)
        loaded = load_all([project.contracts])
        unit = units(_select(loaded, ids, None, packages, task.profile, everything=False), packages)[0]
        if task.serving:
            server.start(environment.of_commands(project.scratch))
        return carry(project, unit, task.options, task.keeping, unit.title), "", 0
    except PvError as error:
        return [], str(error), error.exit_code
    except Exception as error:  # noqa: BLE001  a fault of ours in one trial must not take the others' results away
        what = " ".join(f"{type(error).__name__}: {error}".split())
        return [], f"{', '.join(ids)}: internal error: {what}; please report it", PvError.exit_code


def _select(
    loaded: LoadedSet,
    references: tuple[str, ...],
    name: str | None,
    packages: Packages,
    profile: str,
    *,
    everything: bool,
) -> list[Selected]:
    """The claims that are meant, each once; a contract with errors is not run."""
    if not references and not everything:
        raise UsageError("pv discharge", "no claim is named", "name one, e.g. FALSIFY-005, or say --all")
    for file in loaded.files:
        for problem in file.problems:
            if problem.severity == "error":
                raise ContractError(f"{problem.path}:{problem.line}:{problem.column}", problem.message, problem.hint)
    files = [file for file in loaded.files if file.contract and (name is None or _called(file, name))]
    if not files:
        where = "the project" if name is None else f"--contract {name}"
        raise UsageError(
            where, "no such contract" if name else "it holds no contract", "see pv status for those there are"
        )
    by_contract = {id(file.contract): file for file in files}
    contracts = [file.contract for file in files if file.contract]
    pairs = (
        [
            (claim, contract)
            for contract in contracts
            for claim in contract.claims
            if bind(claim.id, packages=packages) and not claim.planned
        ]
        if everything
        else [resolve(reference, contracts) for reference in references]
    )
    once = {claim.id: (claim, contract) for claim, contract in pairs}.values()
    selected = [
        Selected(claim=claim, contract=contract, loaded=by_contract[id(contract)], profile=profile)
        for claim, contract in once
    ]
    for entry in selected:
        if bind(entry.claim.id, packages=packages) is None:
            fix = "add it to the index of a package of falsifiers, e.g. with pv new falsifier NAME --claim ID"
            raise BindingError(entry.claim.id, "no falsifier is bound to it", fix)
        if entry.claim.planned:
            where = f"{entry.loaded.path}: {entry.claim.id}"
            raise UsageError(where, "it is planned, so that nothing is judged", "remove `planned` and try it again")
    return selected


def _called(file: Loaded, name: str) -> bool:
    return name in {str(file.path), Path(file.path).stem, Path(file.path).name} or (
        file.contract is not None and file.contract.metadata.id == name
    )
