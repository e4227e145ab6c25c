"""What moved a ledger between two states of a project: evidence, or the ledger's own edits."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pv.change import Transition, transitions
from pv.ship.model import Ledger
from pv.ship.progress import CriterionState, Progress, progress
from pv.verdict import ContractVerdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A criterion that is met on one side only, or weighs or asks for something else."""

    id: str
    before: CriterionState | None
    """None where it was not there."""

    after: CriterionState | None
    """None where it is not there any more."""

    transitions: tuple[Transition, ...]
    """Claims of it whose verdict, level or presence changed, with the evidence they rest on."""

    @property
    def edited(self) -> bool:
        """Whether the ledger itself says something else of it than before."""
        return (self.before and self.before.criterion) != (self.after and self.after.criterion)


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """How a model came from one percentage to another."""

    id: str
    before: int | None
    """None where the ledger did not hold the model."""

    by_evidence: int
    """What the former ledger would say today, less what it said then."""

    after: int | None
    """None where the ledger does not hold it any more."""

    moved: tuple[Moved, ...]

    @property
    def by_ledger(self) -> int:
        """Points that came or went because the ledger was edited: criteria, weights, claims."""
        return (self.after or 0) - (self.before or 0) - self.by_evidence


def courses(
    former: Ledger | None, before: Sequence[ContractVerdict], ledger: Ledger, after: Sequence[ContractVerdict]
) -> tuple[Course, ...]:
    """Return the course of every model of either ledger.

    Args:
        former: The ledger then; None where there was none.
        before: Verdicts then, by the evidence and the sources of that time.
        ledger: The ledger now.
        after: Verdicts now.
    """
    then = {one.model.id: one for one in progress(former, before)} if former else {}
    judged_now = {one.model.id: one for one in progress(former, after)} if former else {}
    now = {one.model.id: one for one in progress(ledger, after)}
    changed = {one.claim: one for one in transitions(before, after)}
    return tuple(
        Course(
            id=name,
            before=then[name].percentage if name in then else None,
            by_evidence=judged_now[name].percentage - then[name].percentage if name in then else 0,
            after=now[name].percentage if name in now else None,
            moved=tuple(_moved(then.get(name), now.get(name), changed)),
        )
        for name in {**now, **then}
    )


def _moved(before: Progress | None, after: Progress | None, changed: Mapping[str, Transition]) -> Iterator[Moved]:
    old = {one.criterion.id: one for one in before.criteria} if before else {}
    new = {one.criterion.id: one for one in after.criteria} if after else {}
    for name in {**new, **old}:
        was, now = old.get(name), new.get(name)
        one = Moved(id=name, before=was, after=now, transitions=tuple(_of(changed, was, now)))
        if one.edited or one.transitions:
            yield one


def _of(changed: Mapping[str, Transition], *sides: CriterionState | None) -> Iterator[Transition]:
    ids = {claim.verdict.claim.id: None for side in sides if side for claim in side.claims if claim.verdict}
    yield from (changed[name] for name in ids if name in changed)
