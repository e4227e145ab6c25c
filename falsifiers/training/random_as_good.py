"""Random weights that do as well as the claimed ones."""

from falsifiers.law import Falsifier

FALSIFIER = Falsifier(
    name="random-as-good",
    hunts="freshly drawn weights that read no worse than the claimed ones",
    laws=(),
)
