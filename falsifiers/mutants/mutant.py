"""What a mutant is: a planted fault, as edits of the trainer's source."""

from __future__ import annotations

from dataclasses import dataclass


class MutantError(ValueError):
    """A mutant did not apply; the message names the file and the text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One passage of a module, replaced by another."""

    module: str
    old: str
    """Occurs exactly once in the module."""
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A planted fault."""

    name: str
    group: str
    """Kind of fault: data, split, loading, architecture, loss, optimizer, precision, evaluation, device, checkpoint,
    reporting, and engine for those of the judge itself."""
    summary: str
    edits: tuple[Edit, ...]
    expect: str
    """Which control or law reads wrong under it; for readers only."""
