"""A loss that the device has to itself."""

from falsifiers.law import Falsifier
from falsifiers.laws import LM_LOSS

FALSIFIER = Falsifier(
    name="loss-of-another-device",
    hunts="a loss of the device that float64 does not give on the same weights and windows",
    laws=LM_LOSS,
)
