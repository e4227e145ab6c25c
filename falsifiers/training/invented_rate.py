"""A rate that the steps do not have."""

from falsifiers.law import Falsifier
from falsifiers.laws import rate_recomputed

FALSIFIER = Falsifier(
    name="invented-rate",
    hunts="reported tokens a second that the recorded times of the steps do not give",
    laws=(rate_recomputed.LAW,),
)
