"""Weights of step 0 that are not the init."""

from falsifiers.law import Falsifier

FALSIFIER = Falsifier(
    name="unloaded-init",
    hunts="a tensor before step 0 whose bytes are not those of the init",
    laws=(),
)
