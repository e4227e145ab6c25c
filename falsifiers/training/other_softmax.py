"""A softmax on the run's device that is not the formula."""

from falsifiers.law import Falsifier
from falsifiers.laws import softmax_live_parity

FALSIFIER = Falsifier(
    name="other-softmax",
    hunts="a weight of the run's attention that is not the float64 softmax of the same scores",
    laws=(softmax_live_parity.LAW,),
)
