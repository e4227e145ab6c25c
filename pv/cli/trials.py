"""The trials that a selection of claims takes: what each would do, and carrying one out to verdicts."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pv.binding import Bound, Packages, bind
from pv.cli.bound import freshness_of, packages_of
from pv.cli.output import tell
from pv.cli.project import Project, nearby
from pv.contract import Claim, Contract, Loaded
from pv.evidence import find_bundles, keep, open_bundle, open_unsealed, write_jsonl
from pv.methodology import control_rows
from pv.trial import Plan, Request, make_plan, run_attack, run_trial
from pv.verdict import BundleVerdict, current_sources, judge_contract, write_derived
from pv.view.markdown import write_readme
from pv.view.progress import ProgressView


@dataclass(frozen=True, slots=True, kw_only=True)
class Selected:
    """A claim that was asked for, with the file it stands in."""

    claim: Claim
    contract: Contract
    loaded: Loaded


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a trial is to be run."""

    profile: str
    mutant: str | None
    seed: int
    cases: int
    dataset: Path | None
    device: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """Claims that one trial is about."""

    entries: tuple[Selected, ...]
    functions: Bound | None = None
    """What attacks the claim's functions; None for a run of the trainer."""

    @property
    def title(self) -> str:
        """The claim, or the contract whose run several claims share."""
        first = self.entries[0]
        return first.claim.id if len(self.entries) == 1 else first.contract.id


def units(selected: list[Selected], packages: Packages) -> list[Unit]:
    """The trials of a selection: one for each contract's run, one for each claim about functions."""
    runs: dict[int, list[Selected]] = {}
    found: list[Unit | int] = []
    for entry in selected:
        bound = bind(entry.claim.id, packages=packages)
        if bound is not None and bound.about == "functions":
            found.append(Unit(entries=(entry,), functions=bound))
            continue
        if id(entry.contract) not in runs:
            found.append(id(entry.contract))
        runs.setdefault(id(entry.contract), []).append(entry)
    return [one if isinstance(one, Unit) else Unit(entries=tuple(runs[one])) for one in found]


def carry(
    project: Project, unit: Unit, options: Options, keeping: bool = False, title: str = ""
) -> list[BundleVerdict]:
    """Carry out one trial and judge each of its claims from the bundle."""
    first = unit.entries[0]
    request = _request(project, first, options)
    progress = ProgressView(title=title)
    if unit.functions:
        bundle = run_attack(request, first.claim, unit.functions, progress)
    else:
        bundle = run_trial(request, progress, _controls_writer(first.contract))
    if keeping:
        bundle = keep(bundle, project.evidence)
        tell(f"kept as {nearby(bundle)}")
    return _judged(project, unit, nearby(bundle))


def _judged(project: Project, unit: Unit, bundle: Path) -> list[BundleVerdict]:
    """Judge a fresh bundle, with receipts from `evidence/`, and leave the result in its `derived/`."""
    loaded = unit.entries[0].loaded
    paths = {path.resolve(): path for path in (*find_bundles(project.evidence, loaded.path.stem), bundle)}
    openeds = {real: open_bundle(path) for real, path in paths.items()}
    stamped = judge_contract(loaded, list(openeds.values()), current_sources(freshness_of(project)))
    here = openeds[bundle.resolve()]
    found = {
        claim.claim.id: verdict for claim in stamped.claims for verdict in claim.bundles if verdict.bundle == here.path
    }
    write_derived(here.path, list(found.values()))
    write_readme(here, list(found.values()))
    return [found[entry.claim.id] for entry in unit.entries]


def _controls_writer(contract: Contract) -> Callable[[Path], None]:
    names = sorted({claim.controls for claim in contract.claims if claim.controls})

    def write(staging: Path) -> None:
        opened = open_unsealed(staging)
        if opened.bundle is not None:
            rows = [row for name in names for row in control_rows(name, opened.bundle)]
            write_jsonl(staging / "raw" / "controls.jsonl", rows)

    return write


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
        packages=packages_of(project),
    )


def preview(project: Project, unit: Unit, options: Options) -> str:
    """What `--run` would do."""
    claims = ", ".join(entry.claim.id for entry in unit.entries)
    declared = sorted({name for entry in unit.entries for name in entry.claim.counter_example_classes})
    lines = [f"would run {claims}"]
    if unit.functions:
        lines += [f"  falsifier {unit.functions.falsifier}: {unit.functions.hunts}"]
        lines += [f"  law {law}: {options.cases} cases, in a fresh process" for law in unit.functions.laws]
    else:
        plan = make_plan(_request(project, unit.entries[0], options))
        lines += [f"  profile {options.profile}: {plan.trainer.name} recipe {plan.recipe_name}"]
        lines += [_stage_line(plan, index) for index in range(len(plan.stages))]
        lines += ["  then two judges in fresh processes: the system's, and the float64 oracle's"]
    lines += [f"  declared mutants: {', '.join(declared) or 'none'}"]
    lines += ["add --run to do it"]
    return "\n".join(lines)


def _stage_line(plan: Plan, index: int) -> str:
    planned = plan.stages[index]
    state = "cached" if planned.ready else "to be made"
    return f"  {index + 1}. {planned.stage.name:<12} {state:<11} {' '.join(planned.stage.argv[:2])}"
