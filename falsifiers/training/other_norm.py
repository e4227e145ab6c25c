"""A norm on the run's device that is not the formula."""

from falsifiers.law import Falsifier
from falsifiers.laws import rmsnorm_live_parity

FALSIFIER = Falsifier(
    name="other-norm",
    hunts="a normed vector of the run that float64 does not get from what went in and the checkpoint's weight",
    laws=(rmsnorm_live_parity.LAW,),
)
