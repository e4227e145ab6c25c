"""Tokens without the entropy of text."""

from falsifiers.law import Falsifier

FALSIFIER = Falsifier(
    name="empty-histogram",
    hunts="scored targets so alike that their frequencies predict them",
    laws=(),
)
