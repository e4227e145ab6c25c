"""A checkpoint that is not what was evaluated."""

from falsifiers.law import Falsifier
from falsifiers.laws import LM_LOSS, weights_on_disk

FALSIFIER = Falsifier(
    name="unsaved-weights",
    hunts="an entry of a tensor that differs between the checkpoint on disk and what is evaluated afresh",
    laws=(weights_on_disk.LAW, *(law for law in LM_LOSS if law.name != weights_on_disk.LAW.name)),
)
