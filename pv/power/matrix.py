"""Derives the kill matrix from judged contracts."""

from collections.abc import Iterator, Mapping, Sequence

from pv.binding import Packages, PlantedFault, bind, mutants
from pv.evidence import Bundle
from pv.evidence.fields import part
from pv.power.cells import Judged, cells, struck
from pv.power.model import FUNCTIONS, Alarm, Cell, Clean, Fault, Matrix, Row, State
from pv.power.naive import naive_readings
from pv.power.wanted import seed_of
from pv.verdict import trial_state

BEST_FIRST = (
    State.KILLED,
    State.SURVIVED,
    State.INCONCLUSIVE,
    State.CRASHED,
    State.EQUIVALENT,
    State.NOT_APPLIED,
    State.NOT_RUN,
)
"""What a mutant is over all rows: one kill is enough, and only what showed nowhere is equivalent."""


def derive(
    judged: Sequence[Judged], packages: Packages, *, whole: bool = True, unapplied: Mapping[str, str] | None = None
) -> Matrix:
    """Return the matrix of the contracts.

    Args:
        judged: Contracts with their bundles.
        packages: Packages of falsifiers and mutants.
        whole: Whether every mutant of the packages is a column, or only those that the contracts' claims name.
        unapplied: Mutant to why it did not apply when it was tried.

    Raises:
        BindingError: An index does not fit its package.
    """
    rows = tuple(_rows(judged, packages))
    bound = {row.claim: row for row in rows}
    found = [cell for one in judged for cell in cells(one, unapplied or {}) if cell.claim in bound]
    named = {cell.mutant for cell in found}
    known = mutants(packages=packages)
    columns = [fault for name, fault in known.items() if whole or name in named]
    clean = tuple(bundle for one in judged for bundle in one.honest())
    return Matrix(
        rows=rows,
        faults=tuple(_fault(fault, found, bound) for fault in columns),
        cells=tuple(cell for cell in found if cell.mutant in known),
        clean=_clean(judged, clean, bound),
        naive=tuple(sorted(naive_readings(judged), key=lambda one: (one.mutant, one.bundle))),
        path=tuple(sorted({module for bundle in clean for module in part(bundle.run, "trainer", "modules")})),
    )


def _rows(judged: Sequence[Judged], packages: Packages) -> Iterator[Row]:
    for one in judged:
        contract = one.verdict.contract
        for claim in contract.claims if contract else ():
            found = bind(claim.id, packages=packages)
            if contract and found and not claim.planned:
                yield Row(
                    claim=claim.id,
                    contract=contract.id,
                    falsifier=found.falsifier,
                    laws=found.laws,
                    about=found.about,
                )


def _fault(fault: PlantedFault, found: Sequence[Cell], bound: Mapping[str, Row]) -> Fault:
    mine = [cell for cell in found if cell.mutant == fault.name]
    state = min((cell.state for cell in mine), key=BEST_FIRST.index, default=State.NOT_RUN)
    notes = [cell.note for cell in mine if cell.state is state and cell.note]
    return Fault(
        name=fault.name,
        group=fault.group or "other",
        summary=fault.summary,
        modules=fault.edits,
        state=state,
        killers=tuple(sorted({bound[cell.claim].falsifier for cell in mine if cell.state is State.KILLED})),
        note=notes[0] if notes else "" if mine else "no claim declares it",
    )


def _clean(judged: Sequence[Judged], bundles: Sequence[Bundle], bound: Mapping[str, Row]) -> Clean:
    paths = {bundle.path for bundle in bundles}
    pairs = [
        (claim.id, verdict, bundle)
        for one in judged
        for claim, verdict, bundle in one.pairs()
        if bundle.path in paths and verdict.fresh and claim.id in bound
    ]
    alarms = tuple(
        Alarm(claim=claim, bundle=bundle.path.name, by=struck(verdict))
        for claim, verdict, bundle in pairs
        if trial_state(bundle, verdict) == "killed"
    )
    runs = [bundle for bundle in bundles if bundle.run.get("profile") != FUNCTIONS]
    return Clean(
        bundles=len(bundles),
        training_runs=len(runs),
        judgements=len(pairs),
        seeds=tuple(sorted({seed_of(run) for run in bundles})),
        recipes=tuple(sorted({str(run.run.get("recipe_name")) for run in runs})),
        corpora=tuple(sorted({name for run in runs for name in _corpora(run)})),
        alarmed=len({alarm.bundle for alarm in alarms}),
        alarms=alarms,
    )


def _corpora(run: Bundle) -> Iterator[str]:
    for key, value in part(run.run, "recipe").items():
        if key.endswith("corpus") and isinstance(value, Mapping) and isinstance(value.get("name"), str):
            yield value["name"]
