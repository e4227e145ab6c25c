"""Documents that do not come back from their tokens."""

from falsifiers.law import Falsifier

FALSIFIER = Falsifier(
    name="lost-text",
    hunts="a scored document whose tokens decode to other bytes",
    laws=(),
)
