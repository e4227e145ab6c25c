"""A checkpoint with other tensors than its init."""

from falsifiers.law import Falsifier

FALSIFIER = Falsifier(
    name="other-tensors",
    hunts="a name, shape or dtype that only one of init and checkpoint has",
    laws=(),
)
