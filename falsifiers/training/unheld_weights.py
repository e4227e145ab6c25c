"""A training process that does not hold its weights on the accelerator."""

from falsifiers.law import Falsifier

FALSIFIER = Falsifier(
    name="unheld-weights",
    hunts="a sample of the driver in which the loop's own process holds less than weights and moments",
    laws=(),
)
