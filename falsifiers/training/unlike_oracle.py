"""A loss that nobody else gets."""

from falsifiers.law import Falsifier

FALSIFIER = Falsifier(
    name="unlike-oracle",
    hunts="a loss, evaluated or reported, that an independent process does not get from the same files",
    laws=(),
)
