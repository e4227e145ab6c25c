"""A step that comes out otherwise when it is computed again."""

from falsifiers.law import Falsifier
from falsifiers.laws import duplicate_step

FALSIFIER = Falsifier(
    name="unrepeatable-step",
    hunts="a gradient of which one bit differs between two computations of the same step",
    laws=(duplicate_step.LAW,),
)
