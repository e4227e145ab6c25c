"""Text that became the unknown token."""

from falsifiers.law import Falsifier

FALSIFIER = Falsifier(
    name="unknown-tokens",
    hunts="a share of unknown tokens that no byte-level corpus has",
    laws=(),
)
