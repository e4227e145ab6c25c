"""A gradient that is another one where several devices share the rows."""

from falsifiers.law import Falsifier
from falsifiers.laws import device_gradients

FALSIFIER = Falsifier(
    name="split-gradient",
    hunts="a step over several devices that is not the step over one",
    laws=(device_gradients.LAW,),
)
