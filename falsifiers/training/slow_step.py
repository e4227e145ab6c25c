"""A step that takes half a second."""

from falsifiers.law import Falsifier
from falsifiers.laws import step_clock

FALSIFIER = Falsifier(
    name="slow-step",
    hunts="a median step of half a second or more, and step times that the loop's clock contradicts",
    laws=(step_clock.LAW,),
)
