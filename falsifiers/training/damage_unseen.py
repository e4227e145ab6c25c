"""Damage that does not show."""

from falsifiers.law import Falsifier

FALSIFIER = Falsifier(
    name="damage-unseen",
    hunts="weights that read no worse after all their entries changed places",
    laws=(),
)
