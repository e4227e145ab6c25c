"""Whether tensors in which two systems differ are why they part: taken out, and put back alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pv.bisect.compare import Trace, distance
from pv.bisect.tracer import Tracer

FACTOR: Final = 2
"""By how much a cause that is planted again may differ from the symptom in size."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """Distances of the last operation from the reference's."""

    tensors: tuple[str, ...]
    budget: float
    """What rounding may make of each."""

    symptom: float
    """Of A as it is."""

    removed: float
    """Of A with the reference's tensors in the place of the suspected ones."""

    planted: float
    """Of the reference with A's suspected tensors, and nothing else."""

    @property
    def state(self) -> str:
        """What the three say; confirmed only where both halves of the trial do."""
        if self.symptom <= self.budget:
            return "there is no symptom"
        ends, returns = self.removed <= self.budget, self.symptom / FACTOR <= self.planted <= self.symptom * FACTOR
        if ends and returns:
            return "confirmed"
        if not self.planted <= self.budget:
            return "real, and does not explain the symptom"
        return "open, as planted alone it does nothing"


def try_suspects(first: Tracer, second: Tracer, names: Sequence[str], tokens: Sequence[int], budget: float) -> Trial:
    """The trial of the named tensors on the ids.

    Raises:
        UsageError: One of the systems has no such tensor, or theirs do not fit each other.
    """
    whole = (0, len(tokens))
    ours, theirs = first.parameters(names), second.parameters(names)
    right = second.trace(tokens, whole)
    symptom, removed, planted = (
        _last(one, right)
        for one in (
            first.trace(tokens, whole),
            first.trace(tokens, whole, swapped=theirs),
            second.trace(tokens, whole, swapped=ours),
        )
    )
    return Trial(tensors=tuple(names), budget=budget, symptom=symptom, removed=removed, planted=planted)


def _last(found: Trace, reference: Trace) -> float:
    name = list(reference.values)[-1]
    return distance(found.values[name], reference.values[name])
