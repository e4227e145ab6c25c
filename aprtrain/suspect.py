"""Whether a difference between two checkpoints is the cause of what is seen: taken out, and put back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from aprtrain.data import Tokens
from aprtrain.errors import InputError
from aprtrain.system import AprSystem
from aprtrain.trace import TOLERANCE, trace

FACTOR = 2
"""By how much a cause that is planted again may differ from the symptom in size."""


@dataclass(frozen=True, slots=True)
class Trial:
    """Distances of logits from the reference's, in norms of the latter."""

    symptom: float
    removed: float
    """With the reference's tensors in the place of the suspected ones."""
    planted: float
    """Of the reference with the suspected tensors put into it, and nothing else."""

    @property
    def state(self) -> str:
        """What the three say; confirmed only where both halves of the trial do."""
        if self.symptom <= TOLERANCE:
            return "there is no symptom"
        ends, returns = self.removed <= TOLERANCE, self.symptom / FACTOR <= self.planted <= self.symptom * FACTOR
        if ends and returns:
            return "confirmed"
        if not self.planted <= TOLERANCE:
            return "real, and does not explain the symptom"
        return "open, as planted alone it does nothing"


def try_suspect(found: AprSystem, reference: AprSystem, names: tuple[str, ...], tokens: Tokens) -> Trial:
    """The trial of the named tensors on the ids [t].

    Raises:
        InputError: one of the models has no such tensor, or their tensors do not fit each other.
    """
    ours, theirs = found.parameters(), reference.parameters()
    for name in names:
        if name not in ours or name not in theirs:
            raise InputError("suspect", f"{name} is in none or one of the models", f"name one of {', '.join(ours)}")
    swapped = [
        system.with_parameters(own | {name: other[name] for name in names})
        for system, own, other in ((found, ours, theirs), (reference, theirs, ours))
    ]
    right = _logits(reference, tokens)
    return Trial(*(_distance(_logits(system, tokens), right) for system in (found, *swapped)))


def _logits(system: AprSystem, tokens: Tokens) -> npt.NDArray[np.float64]:
    return trace(system, tokens, keep=True).values["logits"].astype(np.float64)


def _distance(found: npt.NDArray[np.float64], wanted: npt.NDArray[np.float64]) -> float:
    return float(np.linalg.norm(found - wanted) / np.linalg.norm(wanted))
