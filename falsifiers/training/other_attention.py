"""Attention on the run's device that is not the formula."""

from falsifiers.law import Falsifier
from falsifiers.laws import gqa_live_parity

FALSIFIER = Falsifier(
    name="other-attention",
    hunts="an output or a gradient of the run's attention that float64 does not get from the same input",
    laws=(gqa_live_parity.LAW,),
)
