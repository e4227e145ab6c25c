"""A mapping or sequence while it is being read."""

from dataclasses import dataclass, field
from typing import Any

from pv.contract.problem import Path, Place


@dataclass(slots=True)
class Frame:
    """A mapping or sequence that is still open."""

    container: Any
    is_list: bool
    path: Path | None
    """None inside a key that is no text, and of what stands under it: read for its faults alone."""

    anchor: str | None
    before: int
    """Values that were read before it."""

    seen: dict[str, Place] = field(default_factory=dict)
    """Keys of an open mapping to their places."""

    key: str | None = None
    key_place: Place = (1, 1)
    duplicate: bool = False
    is_key: bool = False
    """Whether it stands where a key is expected."""

    dropped: bool = False
    """Whether the value that follows stands under a key that is no text."""

    @property
    def waits(self) -> bool:
        """Whether a value is due, not a key."""
        return self.key is not None or self.dropped
