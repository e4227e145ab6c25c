"""An evaluator that does not repeat itself."""

from falsifiers.law import Falsifier
from falsifiers.laws import LM_LOSS

FALSIFIER = Falsifier(
    name="unsteady-evaluator",
    hunts="a document whose loss changes with the call, with its place among others, or with padding",
    laws=LM_LOSS,
)
