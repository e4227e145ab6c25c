"""`pv discharge`: run what a claim needs, seal the evidence, and stamp the claim."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import click

from pv.binding import bind, mutants
from pv.cli.claim_ids import complete_claims
from pv.cli.output import emit, examples, screen, tell
from pv.cli.project import Project, find_project, nearby
from pv.contract import Claim, Contract, Loaded, LoadedSet, load_all, resolve
from pv.errors import BindingError, ContractError, UsageError
from pv.evidence import find_bundles, keep, open_bundle, open_unsealed, write_jsonl
from pv.methodology import control_rows
from pv.trial import Plan, Request, make_plan, run_trial
from pv.verdict import BundleVerdict, Level, discharge_exit, judge_contract, write_derived
from pv.view.json import discharge_payload, dump
from pv.view.markdown import write_readme
from pv.view.progress import ProgressView
from pv.view.trial import discharge_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Selected:
    """A claim that was asked for, with the file it stands in."""

    claim: Claim
    contract: Contract
    loaded: Loaded


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How the trial is to be run."""

    profile: str
    mutant: str | None
    seed: int
    cases: int
    dataset: Path | None
    device: str


@click.command(
    "discharge",
    epilog=examples(
        "pv discharge FALSIFY-005                         what would run, and what is missing",
        "pv discharge FALSIFY-005 --run                   the cpu profile",
        "pv discharge FALSIFY-005 --run --mutant unk-corpus",
        "pv discharge FALSIFY-005 --run --dataset ./my-documents --format json",
        "pv discharge --all --run --keep                  every claim, kept as evidence",
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
@click.option("--cases", type=click.IntRange(50), default=60, show_default=True, help="Hypothesis cases a law.")
@click.option(
    "--device",
    default="auto",
    show_default=True,
    help="cpu, cuda or auto; a device that is not there is an error.",
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
    keeping: bool,
    form: str,
) -> int:
    """Try a claim: run the trainer and the falsifiers, seal the bundle, stamp the claim.

    Progress goes to standard error. An interrupted run goes on where it stopped when it is asked for again.
    """
    project = find_project()
    selected = _select(load_all([project.contracts]), references, name, everything=everything)
    options = Options(profile=profile, mutant=mutant, seed=seed, cases=cases, dataset=dataset, device=device)
    if mutant is not None and mutant not in mutants():
        raise UsageError(f"--mutant {mutant}", "no such mutant", f"one of {', '.join(sorted(mutants()))}")
    if not running:
        emit("\n\n".join(_preview(project, group, options) for group in _grouped(selected)))
        return 0
    verdicts = [
        verdict for group in _grouped(selected) for verdict in run_group(project, group, options, keeping=keeping)
    ]
    if form == "json":
        payloads = [discharge_payload(verdict) for verdict in verdicts]
        emit(dump(payloads[0] if len(payloads) == 1 else {"schema_version": "1", "results": payloads}))
    else:
        shown = screen()
        emit("\n\n".join(discharge_text(verdict, shown.width, shown.colour) for verdict in verdicts))
    return discharge_exit(verdicts, Level(level) if level else None)


def run_group(
    project: Project, group: list[Selected], options: Options, *, keeping: bool = False, title: str = ""
) -> list[BundleVerdict]:
    """Run one trial for claims of one contract and judge each of them from its bundle."""
    first = group[0]
    request = _request(project, first, options)
    bundle = run_trial(request, ProgressView(title=title), _controls_writer(first.contract))
    if keeping:
        bundle = keep(bundle, project.evidence)
        tell(f"kept as {nearby(bundle)}")
    return _judged(project, group, nearby(bundle))


def _judged(project: Project, group: list[Selected], bundle: Path) -> list[BundleVerdict]:
    """Judge a fresh bundle, with receipts from `evidence/`, and leave the result in its `derived/`."""
    loaded = group[0].loaded
    paths = {path.resolve(): path for path in (*find_bundles(project.evidence, loaded.path.stem), bundle)}
    openeds = {real: open_bundle(path) for real, path in paths.items()}
    stamped = judge_contract(loaded, list(openeds.values()))
    here = openeds[bundle.resolve()]
    found = {
        claim.claim.id: verdict for claim in stamped.claims for verdict in claim.bundles if verdict.bundle == here.path
    }
    write_derived(here.path, list(found.values()))
    write_readme(here, list(found.values()))
    return [found[entry.claim.id] for entry in group]


def _controls_writer(contract: Contract) -> Callable[[Path], None]:
    names = sorted({claim.controls for claim in contract.claims if claim.controls})

    def write(staging: Path) -> None:
        opened = open_unsealed(staging)
        if opened.bundle is not None:
            rows = [row for name in names for row in control_rows(name, opened.bundle)]
            write_jsonl(staging / "raw" / "controls.jsonl", rows)

    return write


def _select(loaded: LoadedSet, references: tuple[str, ...], name: str | None, *, everything: bool) -> list[Selected]:
    """The claims that are meant; a contract with errors is not run."""
    if not references and not everything:
        raise UsageError("pv discharge", "no claim is named", "name one, e.g. FALSIFY-005, or say --all")
    for file in loaded.files:
        for problem in file.problems:
            if problem.severity == "error":
                raise ContractError(f"{problem.path}:{problem.line}:{problem.column}", problem.message, problem.hint)
    files = [file for file in loaded.files if file.contract and (name is None or _called(file, name))]
    if not files:
        raise UsageError(f"--contract {name}", "no such contract", "see pv status for those there are")
    by_contract = {id(file.contract): file for file in files}
    contracts = [file.contract for file in files if file.contract]
    pairs = (
        [
            (claim, contract)
            for contract in contracts
            for claim in contract.claims
            if bind(claim.id) and not claim.planned
        ]
        if everything
        else [resolve(reference, contracts) for reference in references]
    )
    selected = [Selected(claim=claim, contract=contract, loaded=by_contract[id(contract)]) for claim, contract in pairs]
    for entry in selected:
        if bind(entry.claim.id) is None:
            raise BindingError(entry.claim.id, "no falsifier is bound to it", "add it to falsifiers/index.json")
    return selected


def _called(file: Loaded, name: str) -> bool:
    return name in {str(file.path), Path(file.path).stem} or (
        file.contract is not None and file.contract.metadata.id == name
    )


def _grouped(selected: list[Selected]) -> list[list[Selected]]:
    """Claims of one contract share one run."""
    groups: dict[int, list[Selected]] = {}
    for entry in selected:
        groups.setdefault(id(entry.contract), []).append(entry)
    return list(groups.values())


def _request(project: Project, entry: Selected, options: Options) -> Request:
    return Request(
        root=project.root,
        contract=entry.contract,
        contract_path=Path(entry.loaded.path),
        contract_digest=entry.loaded.digest,
        claim_id=entry.claim.id,
        profile=options.profile,
        seed=options.seed,
        mutant=options.mutant,
        dataset=options.dataset.absolute() if options.dataset else None,
        device=options.device,
        cases=options.cases,
    )


def _preview(project: Project, group: list[Selected], options: Options) -> str:
    """What `--run` would do."""
    plan = make_plan(_request(project, group[0], options))
    claims = ", ".join(entry.claim.id for entry in group)
    lines = [
        f"would run {claims}",
        f"  profile {options.profile}: {plan.trainer.name} recipe {plan.recipe_name}",
    ]
    lines += [_stage_line(plan, index) for index in range(len(plan.stages))]
    lines += ["  then two judges in fresh processes: the system's, and the float64 oracle's"]
    declared = sorted({name for entry in group for name in entry.claim.counter_example_classes})
    lines += [f"  declared mutants: {', '.join(declared) or 'none'}"]
    lines += ["add --run to do it"]
    return "\n".join(lines)


def _stage_line(plan: Plan, index: int) -> str:
    planned = plan.stages[index]
    state = "cached" if planned.ready else "to be made"
    return f"  {index + 1}. {planned.stage.name:<12} {state:<11} {' '.join(planned.stage.argv[:2])}"
