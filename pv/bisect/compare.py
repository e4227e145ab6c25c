"""Two traces of the same selection, and how far each operation of the one lies from the other's."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from pv.errors import UsageError

if TYPE_CHECKING:
    import numpy as np

    Values = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """The outputs of all operations on one input, and what must agree before they are compared."""

    tokens: str
    """SHA-256 of all ids as little-endian int32, those outside the positions as well."""

    positions: tuple[int, int]
    """First position that was kept, and the one after the last."""

    dtype: str
    """What was computed in."""

    platform: str
    counts: tuple[int, ...]
    """Of each operation, the values that take part: of attention's scores those that it sees."""

    values: "Mapping[str, Values]"
    """By operation, in the order of execution, [1, positions, ...]; 0 where a value takes no part."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """An operation of two systems."""

    name: str
    distance: float
    """Norm of the difference over the reference's norm."""

    budget: float
    """What rounding may make of it."""

    positions: tuple[int, ...] = ()
    """Those at which the distance is beyond the budget."""

    @property
    def diverges(self) -> bool:
        """Whether rounding does not explain the distance; NaN is never explained."""
        return not self.distance <= self.budget

    @property
    def share(self) -> float:
        """The distance in budgets."""
        if self.budget:
            return self.distance / self.budget
        return float("inf") if self.diverges else 0.0


def tokens_digest(tokens: Sequence[int]) -> str:
    """Return the SHA-256 of the ids as little-endian int32."""
    return hashlib.sha256(b"".join(token.to_bytes(4, "little", signed=True) for token in tokens)).hexdigest()


def comparable(found: Trace, reference: Trace) -> None:
    """Return where both are of the same selection.

    Raises:
        UsageError: They are of other tokens, positions, operations, shapes or counts: the first difference.
    """
    for ours, theirs in zip_longest(_selection(found), _selection(reference)):
        if ours != theirs:
            what = f"{ours or 'no more operations'} in A, {theirs or 'no more operations'} in B"
            fix = "a distance between different selections says nothing; give both the same input, positions and shape"
            raise UsageError("not comparable", what, fix)


def _selection(one: Trace) -> Iterator[str]:
    yield f"tokens {one.tokens[:16]}"
    yield "positions {}:{}".format(*one.positions)
    for (name, value), count in zip(one.values.items(), one.counts, strict=True):
        yield f"{name} of shape {list(value.shape)} with {count} values"


def budgets(plain: Trace, disturbed: Sequence[Trace]) -> tuple[float, ...]:
    """How far rounding took each operation of a system: the farthest of its disturbed runs."""
    return tuple(max(distance(one.values[name], value) for one in disturbed) for name, value in plain.values.items())


def compared(found: Trace, reference: Trace, allowed: Sequence[float]) -> tuple[Gap, ...]:
    """The gap of every operation, in the order of execution, against what is allowed there.

    Raises:
        UsageError: The traces are not of the same selection.
    """
    comparable(found, reference)
    return tuple(_gap(name, found, reference, budget) for name, budget in zip(reference.values, allowed, strict=True))


def _gap(name: str, found: Trace, reference: Trace, budget: float) -> Gap:
    ours, theirs = found.values[name], reference.values[name]
    apart = distance(ours, theirs)
    places = range(ours.shape[1]) if not apart <= budget else ()
    far = (place for place in places if not distance(ours[:, place], theirs[:, place]) <= budget)
    first = found.positions[0]
    return Gap(name=name, distance=apart, budget=budget, positions=tuple(first + place for place in far))


def distance(found: "Values", wanted: "Values") -> float:
    """Norm of the difference over the norm of what is wanted, in float64; infinite where that is 0 and they differ."""
    import numpy as np

    with np.errstate(all="ignore"):
        apart = float(np.linalg.norm(np.subtract(found, wanted, dtype=np.float64)))
        norm = float(np.linalg.norm(np.asarray(wanted, np.float64)))
        return apart / norm if norm else (float("inf") if apart else 0.0)
