"""A step that did not do its arithmetic."""

from falsifiers.law import Falsifier
from falsifiers.laws import recorded_loss

FALSIFIER = Falsifier(
    name="undone-arithmetic",
    hunts="a step faster than the card's peak, or whose loss is not that of its weights and batch",
    laws=(recorded_loss.LAW,),
)
