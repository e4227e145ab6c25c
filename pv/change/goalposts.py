"""Moved goalposts: claims that ask for less now than when evidence about them was made."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from pv.change.claims import LEVELS, claim_differences
from pv.change.model import Difference, Direction
from pv.contract import Claim, Contract
from pv.evidence import Bundle, locked_claims

_OPERATORS: Final = ("<", "<=", ">", ">=", "==")


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedGoalpost:
    """A demand that was stricter in the lock of a bundle than it is now."""

    difference: Difference
    """From what was locked to what the claim says now."""

    bundle: str
    """Name of the first bundle whose lock has the stricter demand."""


def moved_goalposts(contract: Contract, bundles: Iterable[Bundle]) -> tuple[MovedGoalpost, ...]:
    """Return what was loosened after evidence existed, each once, with the earliest bundle that proves it."""
    found: dict[Difference, MovedGoalpost] = {}
    for bundle in sorted(bundles, key=lambda one: (one.path.name, one.digest)):
        if bundle.run.get("mutant") is None:
            for difference in _loosened(contract, bundle):
                found.setdefault(difference, MovedGoalpost(difference=difference, bundle=bundle.path.name))
    return tuple(found.values())


def _loosened(contract: Contract, bundle: Bundle) -> Iterator[Difference]:
    rows = locked_claims(bundle)
    for claim in contract.claims:
        row = next((rows[name] for name in (claim.id, *claim.aliases) if name in rows), None)
        if row is not None:
            locked = claim.model_copy(update=_demands(row, claim))
            for difference in claim_differences(locked, claim):
                if difference.direction is Direction.LOOSENED:
                    yield difference


def _demands(row: Any, claim: Claim) -> dict[str, Any]:
    """What a lock says of a claim; evidence comes from strangers, so only what can be a demand is read."""
    demands: dict[str, Any] = {}
    op, bound, requires, classes = (row.get(key) for key in ("op", "bound", "requires", "mutants"))
    if op in _OPERATORS and isinstance(bound, int | float | str):
        demands |= {"op": op, "bound": bound}
    if requires in LEVELS:
        demands["requires"] = requires
    if (
        isinstance(classes, list | tuple)
        and all(isinstance(name, str) for name in classes)
        and claim.counter_example_classes
    ):
        demands["counter_example_classes"] = tuple(classes)
    return demands
