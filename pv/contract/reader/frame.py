"""A mapping or sequence while it is being read."""

from dataclasses import dataclass
from typing import Any

from pv.contract.problem import Path
from pv.contract.reader.places import Mark, Marks


@dataclass(slots=True)
class Frame:
    """A mapping or sequence that is still open."""

    container: Any
    is_list: bool
    path: Path | None
    """None inside a key that is no text, and of what stands under it: read for its faults alone."""

    keys: Marks
    """Where the keys that were read stand."""

    values: Marks
    """Where the values stand, by key or 0-based place."""

    anchor: str | None
    before: int
    """Values that were read before it."""

    is_key: bool
    """Whether it stands where a key is expected."""

    key: str | None = None
    again: Mark | None = None
    """Where the key stands, if it was given before."""

    dropped: bool = False
    """Whether the value that follows stands under a key that is no text."""
