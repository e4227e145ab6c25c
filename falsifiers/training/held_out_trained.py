"""Held-out text in a training batch."""

from falsifiers.law import Falsifier
from falsifiers.laws import held_out_window

FALSIFIER = Falsifier(
    name="held-out-trained",
    hunts="a row of a training batch that lies in a held-out document",
    laws=(held_out_window.LAW,),
)
