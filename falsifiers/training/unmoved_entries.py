"""Weights that training leaves where they are."""

from falsifiers.law import Falsifier
from falsifiers.laws import adamw_unmoved_share

FALSIFIER = Falsifier(
    name="unmoved-entries",
    hunts="a tensor most of whose entries stay where they start, or on the numbers of bfloat16",
    laws=(adamw_unmoved_share.LAW,),
)
