"""A feed-forward block on the run's device that is not the formula."""

from falsifiers.law import Falsifier
from falsifiers.laws import swiglu_live_parity

FALSIFIER = Falsifier(
    name="other-block",
    hunts="an output of the run's feed-forward block that float64 does not get from the same input",
    laws=(swiglu_live_parity.LAW,),
)
