"""A learning rate off the declared schedule."""

from falsifiers.law import Falsifier
from falsifiers.laws import schedule

FALSIFIER = Falsifier(
    name="other-rate",
    hunts="a recorded rate that the closed form of the configuration does not give",
    laws=(schedule.LAW,),
)
