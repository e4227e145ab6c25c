"""A mapping or sequence while it is being read."""

from dataclasses import field
from typing import Any

from pv.contract.problem import Path, Place
from pv.records import dataclass


@dataclass(slots=True)
class Frame:
    """A mapping or sequence that is still open."""

    container: Any
    is_list: bool
    path: Path | None
    """None below a duplicate key: the content is read for its faults and kept aside."""

    anchor: str | None
    before: int
    """Values that were read before it."""

    seen: dict[str, Place] = field(default_factory=dict)
    """Keys of an open mapping to their places."""

    key: str | None = None
    key_place: Place = (1, 1)
    duplicate: bool = False
