"""A low loss that is no sign of learning."""

from falsifiers.law import Falsifier
from falsifiers.laws import LM_LOSS

FALSIFIER = Falsifier(
    name="empty-loss",
    hunts="a held-out loss that a leak, a broken evaluator or other weights explain",
    laws=LM_LOSS,
)
