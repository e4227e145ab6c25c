"""Noise that is predicted."""

from falsifiers.law import Falsifier

FALSIFIER = Falsifier(
    name="guessed-noise",
    hunts="a loss below ln V on targets that were drawn at random",
    laws=(),
)
