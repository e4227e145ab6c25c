"""A reported split that was looked at before."""

from falsifiers.law import Falsifier

FALSIFIER = Falsifier(
    name="second-look",
    hunts="a reading of val-b besides the one at the end",
    laws=(),
)
