"""A run whose step times contradict the clock of its loop."""

from falsifiers.law import Falsifier
from falsifiers.laws import step_clock

FALSIFIER = Falsifier(
    name="contradictory-clocks",
    hunts="step times that together outlast the training loop, or that took no time",
    laws=(step_clock.LAW,),
)
