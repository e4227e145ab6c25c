"""Other weights than the claimed ones."""

from falsifiers.law import Falsifier

FALSIFIER = Falsifier(
    name="other-weights",
    hunts="a tensor that is evaluated and differs from the one on disk",
    laws=(),
)
