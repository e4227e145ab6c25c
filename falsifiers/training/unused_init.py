"""A fine-tune that does not start from its init."""

from falsifiers.law import Falsifier
from falsifiers.laws import LM_LOSS, init_flow

FALSIFIER = Falsifier(
    name="unused-init",
    hunts="a step-0 loss that the init on disk does not explain",
    laws=(init_flow.LAW, *LM_LOSS),
)
