"""Shards, checkpoint and init of different tokenizers."""

from falsifiers.law import Falsifier

FALSIFIER = Falsifier(
    name="mixed-tokenizers",
    hunts="two places of one run that hold different tokenizers",
    laws=(),
)
