"""An init that is no better than random weights."""

from falsifiers.law import Falsifier
from falsifiers.laws import LM_LOSS, init_beats_scratch

FALSIFIER = Falsifier(
    name="worthless-init",
    hunts="a part of the step-0 batch on which freshly drawn weights do as well as the init",
    laws=(init_beats_scratch.LAW, *LM_LOSS),
)
