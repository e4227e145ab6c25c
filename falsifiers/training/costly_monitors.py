"""Monitors that cost the run what they watch."""

from falsifiers.law import Falsifier
from falsifiers.laws import step_clock

FALSIFIER = Falsifier(
    name="costly-monitors",
    hunts="recording and watching that take more than a few percent of the steps, by clocks that agree",
    laws=(step_clock.LAW,),
)
