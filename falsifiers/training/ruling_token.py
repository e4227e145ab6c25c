"""One token in most of the scored places."""

from falsifiers.law import Falsifier

FALSIFIER = Falsifier(
    name="ruling-token",
    hunts="an id that has a fifth of the scored targets",
    laws=(),
)
