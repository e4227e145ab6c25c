"""A rotation on the run's device that is not the formula."""

from falsifiers.law import Falsifier
from falsifiers.laws import rope_live_parity

FALSIFIER = Falsifier(
    name="other-rotation",
    hunts="a query or a key of the run that float64 turns otherwise, away from the first positions",
    laws=(rope_live_parity.LAW,),
)
