"""Nodes that an alias may stand for, and how their scalars were written."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from pv.contract.problem import Path


class Anchored(NamedTuple):
    """A node with an anchor."""

    value: Any
    size: int
    """Values in it, itself included."""

    path: Path | None
    text: str | None = None
    """Letters of a scalar; None for a mapping or sequence, which cannot be a key."""

    whole: bool = True
    """Whether it has been read to its end."""


@dataclass(slots=True)
class Written:
    """How the scalars of a file were written, and what its anchors name."""

    plain: dict[Path, str] = field(default_factory=dict)
    """Path of a value that was written without quotes and is no text, or has a tag, to its letters."""

    tags: dict[Path, str] = field(default_factory=dict)
    """Path of a value to its tag."""

    anchors: dict[str, Anchored] = field(default_factory=dict)

    def close(self, anchor: str, opened: Any, size: int) -> None:
        """Note that a mapping or sequence has been read; an anchor that was given anew inside it is kept."""
        named = self.anchors[anchor]
        if named.value is opened:
            self.anchors[anchor] = named._replace(size=size, whole=True)

    def copy(self, value: Any, origin: Path, path: Path) -> None:
        """Note at a path how everything that stands at another was written."""
        todo = [(value, origin, path)]
        while todo:
            value, origin, path = todo.pop()
            for table in (self.plain, self.tags):
                if origin in table:
                    table[path] = table[origin]
            parts = value.items() if isinstance(value, dict) else enumerate(value if isinstance(value, list) else ())
            todo.extend((inner, (*origin, part), (*path, part)) for part, inner in parts)
