"""How a claim differs from its older version."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from pv.change.model import Difference, Direction, shown
from pv.change.order import of_bands, of_bounds, of_ranks, of_sets
from pv.contract import Claim, Measure, Plausible

LEVELS: Final = ("algorithm", "integration", "live")
"""Weakest first."""

_PROSE: Final = ("rule", "prediction", "if_fails", "aliases", "tracked_by", "status")
_Compare = Callable[[Claim, Claim], Direction | None]


def claim_differences(before: Claim, after: Claim) -> tuple[Difference, ...]:
    """Return every field that differs, with its direction; the subject is the newer id."""
    return tuple(_differences(before, after))


def _differences(before: Claim, after: Claim) -> Iterator[Difference]:
    if before.id != after.id:
        yield _difference(after, "id", Direction.REWORDED, before.id, after.id)
    for field, compare in _DECISIVE.items():
        if direction := compare(before, after):
            yield _difference(after, field, direction, _written(before, field), _written(after, field))
    for field in _PROSE:
        old, new = getattr(before, field), getattr(after, field)
        if old != new:
            yield _difference(after, field, Direction.REWORDED, shown(old), shown(new))


def _difference(claim: Claim, field: str, direction: Direction, before: str, after: str) -> Difference:
    return Difference(part="claim", subject=claim.id, field=field, direction=direction, before=before, after=after)


def _came_or_went(before: object, after: object) -> Direction | None:
    """The direction where a demand is there on one side only, or on both and differs; None where it does not."""
    if before == after:
        return None
    if not before:
        return Direction.TIGHTENED
    return Direction.INCOMPARABLE if after else Direction.LOOSENED


def _measure(before: Claim, after: Claim) -> Direction | None:
    return _came_or_went(before.measure, after.measure)


def _bound(before: Claim, after: Claim) -> Direction | None:
    old = None if before.op is None or before.bound is None else (before.op, before.bound)
    new = None if after.op is None or after.bound is None else (after.op, after.bound)
    if old is None or new is None:
        return _came_or_went(old, new)
    direction = of_bounds(old, new)
    return Direction.INCOMPARABLE if direction and before.measure != after.measure else direction


def _plausible(before: Claim, after: Claim) -> Direction | None:
    old, new = before.plausible, after.plausible
    if old is None or new is None or old.unit != new.unit:
        return _came_or_went(old, new)
    if (old.low, old.high) == (new.low, new.high):
        return Direction.REWORDED if old != new else None
    return of_bands((old.low, old.high), (new.low, new.high))


def _requires(before: Claim, after: Claim) -> Direction | None:
    return of_ranks(_level(before), _level(after))


def _level(claim: Claim) -> int:
    return LEVELS.index(claim.requires) if claim.requires else -1


_DECISIVE: Final[Mapping[str, _Compare]] = {
    "measure": _measure,
    "bound": _bound,
    "below": lambda old, new: of_sets(old.below, new.below),
    "plausible": _plausible,
    "confidence": lambda old, new: of_ranks(old.confidence, new.confidence),
    "seeds": lambda old, new: of_ranks(old.seeds or 1, new.seeds or 1),
    "controls": lambda old, new: _came_or_went(old.controls, new.controls),
    "counter_example_classes": lambda old, new: of_sets(old.counter_example_classes, new.counter_example_classes),
    "requires": _requires,
    "planned": lambda old, new: of_ranks(not old.planned, not new.planned),
    "ship_blocking": lambda old, new: of_ranks(old.ship_blocking, new.ship_blocking),
    "discharged_by": lambda old, new: _came_or_went(old.discharged_by, new.discharged_by),
}


def _written(claim: Claim, field: str) -> str:
    if field == "bound":
        return "" if claim.op is None or claim.bound is None else f"{claim.op} {shown(claim.bound)}"
    value = getattr(claim, field)
    match value:
        case Measure():
            parts = (value.series, value.reduce, value.split, value.unit)
            return " ".join(part for part in parts if part)
        case Plausible():
            return f"{shown(value.low)} to {shown(value.high)} {value.unit}"
        case _:
            return shown(value)
