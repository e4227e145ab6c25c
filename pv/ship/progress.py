"""How far each model is, derived: what is met, what is done, and what would come next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pv.contract import resolve
from pv.errors import UsageError
from pv.ship.model import Criterion, Ledger, ShippedModel, Step
from pv.verdict import ClaimVerdict, ContractVerdict, Reason, Verdict


class State(StrEnum):
    """How far a step is, by its claims."""

    DONE = "done"
    """All of them are DISCHARGED."""

    STUCK = "stuck"
    """One of them is FALSIFIED or SUSPECT."""

    BEGUN = "begun"
    """Some of them were measured."""

    OPEN = "open"
    """None of them was measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A claim as a ledger sees it."""

    reference: str
    """What the ledger calls it."""

    verdict: ClaimVerdict | None
    """None where the contracts hold no such claim."""

    reasons: tuple[Reason, ...] = ()
    """Why it does not count; empty where it does."""

    @property
    def counts(self) -> bool:
        """Whether it is DISCHARGED, and nothing that its contract depends on is broken."""
        return self.verdict is not None and not self.reasons

    @property
    def word(self) -> str:
        """Its verdict, or that it is not there."""
        return self.verdict.verdict.value if self.verdict else "absent"


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionState:
    """A criterion with its claims."""

    criterion: Criterion
    claims: tuple[Standing, ...]

    @property
    def met(self) -> bool:
        """Whether every one of its claims counts."""
        return all(claim.counts for claim in self.claims)


@dataclass(frozen=True, slots=True, kw_only=True)
class StepState:
    """A step with its claims."""

    step: Step
    claims: tuple[Standing, ...]

    @property
    def state(self) -> State:
        """Derived from the claims; nobody types it."""
        if all(claim.counts for claim in self.claims):
            return State.DONE
        found = {claim.word for claim in self.claims}
        if found & {Verdict.FALSIFIED.value, Verdict.SUSPECT.value}:
            return State.STUCK
        return State.BEGUN if found - {Verdict.UNTESTED.value, "absent"} else State.OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    """The cheapest criterion that is not met."""

    criterion: CriterionState
    steps: tuple[StepState, ...]
    """Steps that are not done and share a claim with it that does not count yet."""

    days: float | None
    """Their estimates in all; None where a claim that does not count is in no step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a model is."""

    model: ShippedModel
    criteria: tuple[CriterionState, ...]
    steps: tuple[StepState, ...]

    @property
    def claims(self) -> tuple[Standing, ...]:
        """The claims of its criteria, then those of its steps."""
        return tuple(claim for part in (self.criteria, self.steps) for one in part for claim in one.claims)

    @property
    def percentage(self) -> int:
        """Sum of the weights of the criteria that are met."""
        return sum(one.criterion.weight for one in self.criteria if one.met)

    @property
    def over_claimed(self) -> bool:
        """Whether somebody typed a percentage above the derived one."""
        return self.model.claimed is not None and self.model.claimed > self.percentage

    @property
    def days_left(self) -> float:
        """Estimates, in all, of the steps that are not done."""
        return sum(one.step.estimate_days for one in self.steps if one.state is not State.DONE)

    @property
    def next(self) -> Next | None:
        """What the next point needs: fewest estimated days first, then more weight; None where all is met."""
        wanted = [self._priced(one) for one in self.criteria if not one.met]
        return min(wanted, key=_cost, default=None)

    def _priced(self, criterion: CriterionState) -> Next:
        lacking = {claim.reference for claim in criterion.claims if not claim.counts}
        ids = {claim.verdict.claim.id for claim in criterion.claims if claim.verdict and not claim.counts}
        covering, covered = [], set[str]()
        for step in self.steps:
            own = {claim.verdict.claim.id for claim in step.claims if claim.verdict}
            if step.state is not State.DONE and own & ids:
                covering.append(step)
                covered |= own & ids
        known = covered == ids and len(ids) == len(lacking)
        days = sum(one.step.estimate_days for one in covering)
        return Next(criterion=criterion, steps=tuple(covering), days=days if known else None)


def _cost(one: Next) -> tuple[bool, float, int]:
    return one.days is None, one.days or 0.0, -one.criterion.criterion.weight


def progress(ledger: Ledger, verdicts: Sequence[ContractVerdict]) -> tuple[Progress, ...]:
    """Return how far each model of a ledger is, by the verdicts."""
    contracts = [verdict.contract for verdict in verdicts if verdict.contract]
    owners = {id(claim.claim): (claim, owner) for owner in verdicts for claim in owner.claims}

    def standing(reference: str) -> Standing:
        try:
            claim = resolve(reference, contracts)[0]
        except UsageError as error:
            return Standing(
                reference=reference, verdict=None, reasons=(Reason(code="unknown-claim", message=error.what),)
            )
        found, owner = owners[id(claim)]
        return Standing(reference=reference, verdict=found, reasons=_against(found, owner))

    known: Mapping[str, Standing] = {
        name: standing(name)
        for shipped in ledger.models
        for entries in shipped.parts.values()
        for entry in entries
        for name in entry.claims
    }
    return tuple(
        Progress(
            model=shipped,
            criteria=tuple(
                CriterionState(criterion=one, claims=tuple(known[name] for name in one.claims))
                for one in shipped.criteria
            ),
            steps=tuple(StepState(step=one, claims=tuple(known[name] for name in one.claims)) for one in shipped.steps),
        )
        for shipped in ledger.models
    )


def _against(claim: ClaimVerdict, owner: ContractVerdict) -> tuple[Reason, ...]:
    """Return why a claim does not count: its own reasons, or what its contract depends on."""
    if claim.verdict is not Verdict.DISCHARGED:
        return claim.reasons or (Reason(code="no-evidence", message=f"it is {claim.verdict}"),)
    return tuple(reason for reason in owner.reasons if reason.code == "dependency")
