"""A document that is scored and trained on."""

from falsifiers.law import Falsifier

FALSIFIER = Falsifier(
    name="shared-documents",
    hunts="a digest of a document that two splits have in common",
    laws=(),
)
