"""Scored text that the train split holds under another name."""

from falsifiers.law import Falsifier

FALSIFIER = Falsifier(
    name="overlapping-windows",
    hunts="scored windows that occur in the train stream more often than its own halves occur in each other",
    laws=(),
)
