"""Which of two demands asks for more; where neither does, they are incomparable."""

import math
from collections.abc import Collection

from pv.change.model import Direction
from pv.contract import evaluate, names
from pv.errors import ContractError

_End = tuple[float, int]
_Region = tuple[_End, _End]


def of_sets(before: Collection[str], after: Collection[str]) -> Direction | None:
    """Compare lists of demands: more of them ask for more."""
    old, new = set(before), set(after)
    if old == new:
        return None
    if old < new:
        return Direction.TIGHTENED
    return Direction.LOOSENED if new < old else Direction.INCOMPARABLE


def of_ranks(before: float, after: float) -> Direction | None:
    """Compare ranks of which the higher asks for more."""
    if before == after:
        return None
    return Direction.TIGHTENED if after > before else Direction.LOOSENED


def of_bands(before: tuple[float, float], after: tuple[float, float]) -> Direction | None:
    """Compare bands `(low, high)`, ends included: the narrower one asks for more."""
    old, new = (((low, 0), (high, 0)) for low, high in (before, after))
    return _of_regions(old, new)


def of_bounds(before: tuple[str, float | str], after: tuple[str, float | str]) -> Direction | None:
    """Compare demands `(operator, bound)` by the readings they accept: fewer readings ask for more.

    Expressions are compared by value where neither names a quantity, else by their text.
    """
    (old_op, old_bound), (new_op, new_bound) = before, after
    old, new = constant(old_bound), constant(new_bound)
    if old is None or new is None:
        if _squeezed(old_bound) != _squeezed(new_bound):
            return Direction.INCOMPARABLE
        old = new = 0.0
    return _of_regions(_region(old_op, old), _region(new_op, new))


def constant(bound: float | str) -> float | None:
    """The value of a bound that names no quantity; None for any other."""
    try:
        return None if names(bound) else evaluate(bound, {})[0]
    except ContractError:
        return None


def _squeezed(bound: float | str) -> str:
    return "".join(str(bound).split())


def _region(op: str, bound: float) -> _Region:
    """The accepted readings as two ends; an end's second part is what an open end adds or takes."""
    low, high = (-math.inf, 0), (math.inf, 0)
    match op:
        case "<":
            return low, (bound, -1)
        case "<=":
            return low, (bound, 0)
        case ">":
            return (bound, 1), high
        case ">=":
            return (bound, 0), high
        case _:
            return (bound, 0), (bound, 0)


def _of_regions(before: _Region, after: _Region) -> Direction | None:
    if before == after:
        return None
    if _within(after, before):
        return Direction.TIGHTENED
    return Direction.LOOSENED if _within(before, after) else Direction.INCOMPARABLE


def _within(inner: _Region, outer: _Region) -> bool:
    return inner[0] >= outer[0] and inner[1] <= outer[1]
