"""A divergence that bisection finds between sound systems."""

from falsifiers.law import Falsifier
from falsifiers.laws import bisection_false_alarms

FALSIFIER = Falsifier(
    name="false-alarm",
    hunts="an operation that is farther apart in two sound systems than their rounding allows",
    laws=(bisection_false_alarms.LAW,),
)
