"""A parsed file: JSON values, and where each of them stands."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pv.contract.problem import Path, Place, Problem, Severity
from pv.contract.reader.places import Places


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """A key that was given before in the same mapping, with what it was given this time."""

    parent: Path | None
    """The mapping; None where that itself stands below a key that is no text."""

    key: str
    place: Place
    first: Place
    """Where the key was given first."""

    value: Any = None
    path: Path | None = None
    """Where the value's places are kept: the key's path and a negative number, which no list has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One parsed file: JSON values and where they stand."""

    path: str
    """Name of the file, as it was given."""

    data: Any
    """Dicts with text keys, lists, text, finite numbers, booleans, None; None where the text is no YAML."""

    values: Places = field(default_factory=Places)
    """Path of a value to the 1-based line and column where it starts."""

    keys: Places = field(default_factory=Places)
    """The same for the key that a value stands under."""

    plain: dict[Path, str] = field(default_factory=dict)
    """Path of a value that was written without quotes and is no text, or has a tag, to its letters."""

    tags: dict[Path, str] = field(default_factory=dict)
    """Path of a value to its tag."""

    repeats: tuple[Repeat, ...] = ()
    """Keys that were given twice; `data` holds what was given first."""

    problems: tuple[Problem, ...] = ()

    unread: tuple[tuple[Path, Problem], ...] = ()
    """Problems that somebody who skips the part at the path does not have; they are among `problems` too."""

    marked: bool = False
    """Whether the file starts with a byte order mark."""

    def blank(self, path: Path, value: Any) -> bool:
        """Whether nothing at all was written, not even quotes; `~` is something."""
        return (value is None or value == "") and not self.plain.get(path, "" if value is None else "''")

    def text(self, path: Path, value: Any) -> str:
        """A scalar as it was written: `1.10` for the number 1.1."""
        return value if isinstance(value, str) else self.plain.get(path, "")

    def place(self, path: Path) -> Place:
        """Where a value starts, or the nearest thing around it."""
        return self._nearest(path, (self.values, self.keys))

    def key_place(self, path: Path) -> Place:
        """Where the key of a value stands, or the nearest thing around it."""
        return self._nearest(path, (self.keys, self.values))

    def problem(
        self,
        code: str,
        at: Path,
        message: str,
        hint: str = "",
        *,
        key: bool = False,
        severity: Severity = "error",
    ) -> Problem:
        """A problem at a value, or at its key."""
        line, column = self.key_place(at) if key else self.place(at)
        return Problem(
            code=code, severity=severity, path=self.path, line=line, column=column, message=message, hint=hint
        )

    @staticmethod
    def _nearest(path: Path, tables: tuple[Places, ...]) -> Place:
        for end in range(len(path), -1, -1):
            for table in tables:
                if place := table.get(path[:end]):
                    return place
        return (1, 1)


def entries(data: Any, part: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """The mappings in a list of the top level, with their 0-based places; anything else is left out."""
    listed = data.get(part) if isinstance(data, dict) else None
    for index, entry in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(entry, dict):
            yield index, entry


def texts(entry: dict[str, Any], key: str) -> Iterator[tuple[int, str]]:
    """The texts in a list of an entry, with their 0-based places; anything else is left out."""
    listed = entry.get(key)
    for index, value in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(value, str):
            yield index, value
