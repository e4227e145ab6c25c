"""Another number in the record than the loss that was trained on."""

from falsifiers.law import Falsifier
from falsifiers.laws import recorded_loss

FALSIFIER = Falsifier(
    name="other-loss",
    hunts="a recorded loss that is not that of the weights before the step on its batch",
    laws=(recorded_loss.LAW,),
)
