"""A loss that a table reaches."""

from falsifiers.law import Falsifier
from falsifiers.laws import LM_LOSS

FALSIFIER = Falsifier(
    name="context-unused",
    hunts="a held-out loss no lower than that of frequencies alone",
    laws=LM_LOSS,
)
