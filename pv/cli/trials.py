"""The trials that a selection of claims takes: what each would do, and carrying one out to verdicts."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pv.binding import Bound, Packages, bind
from pv.cli.bound import freshness_of, packages_of
from pv.cli.output import tell
from pv.cli.project import Project, nearby
from pv.contract import Claim, Contract, Loaded
from pv.errors import EvidenceError, UsageError
from pv.evidence import Opened, find_bundles, keep, locked_claims, open_bundle, open_unsealed, write_jsonl
from pv.methodology import control_rows
from pv.trial import Claimed, Plan, Request, make_plan, run_attack, run_trial
from pv.verdict import BundleVerdict, current_sources, judge_contract, write_derived
from pv.view.markdown import write_readme
from pv.view.progress import ProgressView


@dataclass(frozen=True, slots=True, kw_only=True)
class Selected:
    """A claim that was asked for, with the file it stands in."""

    claim: Claim
    contract: Contract
    loaded: Loaded
    profile: str
    """Of the contract's system: what a run for the claim is made under."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a trial is to be run."""

    mutant: str | None
    seed: int
    cases: int
    dataset: Path | None
    device: str
    redispatch_of: Opened | None = None
    """Bundle of an earlier run that this one is made again of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """Claims that one trial is about."""

    entries: tuple[Selected, ...]
    functions: Bound | None = None
    """What attacks the claim's functions; None for a run of the trainer."""

    @property
    def contracts(self) -> dict[str, list[Selected]]:
        """The claims by the path of their contract, in the order in which they were selected."""
        found: dict[str, list[Selected]] = {}
        for entry in self.entries:
            found.setdefault(str(entry.loaded.path), []).append(entry)
        return found

    @property
    def title(self) -> str:
        """The claim, or the contracts whose run several claims share."""
        if len(self.entries) == 1:
            return self.entries[0].claim.id
        first, *others = self.contracts.values()
        return f"{first[0].contract.id}{f' and {len(others)} more contracts' if others else ''}"


def units(selected: list[Selected], packages: Packages) -> list[Unit]:
    """The trials of a selection: one for each claim about functions, one for all that name one recipe for a profile."""
    runs: dict[tuple[str, ...], list[Selected]] = {}
    found: list[Unit | tuple[str, ...]] = []
    for entry in selected:
        bound = bind(entry.claim.id, packages=packages)
        if bound is not None and bound.about == "functions":
            found.append(Unit(entries=(entry,), functions=bound))
            continue
        run = _run_of(entry)
        if run not in runs:
            found.append(run)
        runs.setdefault(run, []).append(entry)
    return [one if isinstance(one, Unit) else Unit(entries=tuple(runs[one])) for one in found]


def _run_of(entry: Selected) -> tuple[str, ...]:
    """Trainer and recipe; the contract's own path where it names none, which is told when it is to be run."""
    system = entry.contract.system
    recipe = system.profiles.get(entry.profile) if system else None
    return (system.trainer, recipe) if system and system.trainer and recipe else (str(entry.loaded.path),)


def carry(
    project: Project, unit: Unit, options: Options, keeping: bool = False, title: str = ""
) -> list[BundleVerdict]:
    """Carry out one trial and judge each of its claims from the bundle."""
    return carry_again(project, unit, options, keeping, title)[0]


def carry_again(
    project: Project, unit: Unit, options: Options, keeping: bool = False, title: str = ""
) -> tuple[list[BundleVerdict], list[BundleVerdict]]:
    """Carry out one trial and judge each of its claims from its bundle, and from the one it is made again of.

    What is kept names its former, so that one is kept too: a run that was made better does not hide what it was.
    """
    request = _request(project, unit, options)
    progress = ProgressView(title=title)
    if unit.functions:
        bundles = [run_attack(request, unit.entries[0].claim, unit.functions, progress)]
    else:
        bundles = run_trial(request, progress, _write_controls)
    former = options.redispatch_of.path if options.redispatch_of else None
    if keeping:
        former = former and keep(former, project.evidence)
        bundles = [keep(bundle, project.evidence) for bundle in bundles]
        for bundle in bundles:
            tell(f"kept as {nearby(bundle)}{f', and beside it {former.name}' if former else ''}")
    now: dict[str, BundleVerdict] = {}
    then: dict[str, BundleVerdict] = {}
    for entries, bundle in zip(unit.contracts.values(), bundles, strict=True):
        verdicts = _judged(project, entries, nearby(bundle), former and nearby(former))
        now |= {verdict.claim_id: verdict for verdict in verdicts[0]}
        then |= {verdict.claim_id: verdict for verdict in verdicts[1]}
    ids = [entry.claim.id for entry in unit.entries]
    return [now[name] for name in ids], [then[name] for name in ids if former]


def _judged(
    project: Project, entries: list[Selected], bundle: Path, former: Path | None
) -> tuple[list[BundleVerdict], list[BundleVerdict]]:
    """Judge a fresh bundle, with receipts from `evidence/`, and leave the result in its `derived/`; and its former."""
    loaded = entries[0].loaded
    beside = (*find_bundles(project.evidence, loaded.path.stem), *([former] if former else []), bundle)
    paths = {path.resolve(): path for path in beside}
    openeds = {real: open_bundle(path) for real, path in paths.items()}
    stamped = judge_contract(loaded, list(openeds.values()), current_sources(freshness_of(project)))
    here = openeds[bundle.resolve()]
    found = {(claim.claim.id, verdict.bundle): verdict for claim in stamped.claims for verdict in claim.bundles}
    own = [verdict for (_, path), verdict in found.items() if path == here.path]
    write_derived(here.path, own)
    write_readme(here, own)
    ids = [entry.claim.id for entry in entries]
    there = openeds[former.resolve()].path if former else None
    return [found[name, here.path] for name in ids], [found[name, there] for name in ids if there]


def find_former(project: Project, given: str, unit: Unit) -> Opened:
    """Return the bundle that a trial is to be made again of: a folder, or the name of one in evidence/ or .pv/runs/.

    Raises:
        UsageError: There is none, or it is not of the trial's contract and claims.
        EvidenceError: It was altered.
    """
    where = f"--redispatch-of {given}"
    named = [path for root in (project.evidence, project.runs) for path in find_bundles(root) if path.name == given]
    path = next(iter((*([Path(given)] if (Path(given) / "manifest.json").is_file() else []), *named)), None)
    if path is None:
        raise UsageError(where, "no such bundle", "name the folder of a bundle, or one below evidence/ or .pv/runs/")
    opened = open_bundle(Path(os.path.normpath(path.absolute())))
    if opened.bundle is None or opened.faults:
        fault = opened.faults[0]
        raise EvidenceError(f"{where}: {fault.file}", fault.message, "name a bundle that pv verify accepts")
    ids = {entry.claim.id for entry in unit.entries}
    if not ids <= set(locked_claims(opened.bundle)):
        what = f"it is not about {', '.join(sorted(ids - set(locked_claims(opened.bundle))))}"
        raise UsageError(where, what, "name a bundle of an earlier trial of the same claims")
    return opened


def _write_controls(contract: Contract, staging: Path) -> None:
    opened = open_unsealed(staging)
    if opened.bundle is not None:
        locked = locked_claims(opened.bundle)
        names = sorted({claim.controls for claim in contract.claims if claim.controls and claim.id in locked})
        rows = [row for name in names for row in control_rows(name, opened.bundle)]
        write_jsonl(staging / "raw" / "controls.jsonl", rows)


def _request(project: Project, unit: Unit, options: Options) -> Request:
    return Request(
        root=project.root,
        claimed=tuple(_claimed(unit)),
        seed=options.seed,
        mutant=options.mutant,
        dataset=options.dataset.absolute() if options.dataset else None,
        device=options.device,
        cases=options.cases,
        redispatch_of=options.redispatch_of,
        packages=packages_of(project),
    )


def _claimed(unit: Unit) -> Iterator[Claimed]:
    for entries in unit.contracts.values():
        first, claims = entries[0], tuple(entry.claim.id for entry in entries)
        yield Claimed(
            contract=first.contract,
            path=Path(first.loaded.path),
            digest=first.loaded.digest,
            claims=claims,
            profile=first.profile,
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
        plan = make_plan(_request(project, unit, options))
        lines += [f"  profile {unit.entries[0].profile}: {plan.trainer.name} recipe {plan.recipe_name}"]
        lines += [_stage_line(plan, index) for index in range(len(plan.stages))]
        lines += ["  then two judges in fresh processes: the system's, and the float64 oracle's"]
    lines += [f"  declared mutants: {', '.join(declared) or 'none'}"]
    if options.redispatch_of:
        lines += [f"  made again of {options.redispatch_of.path.name}"]
    lines += ["add --run to do it"]
    return "\n".join(lines)


def _stage_line(plan: Plan, index: int) -> str:
    planned = plan.stages[index]
    state = "cached" if planned.ready else "to be made"
    return f"  {index + 1}. {planned.stage.name:<12} {state:<11} {' '.join(planned.stage.argv[:2])}"
