"""A parsed file: JSON values, and where each of them stands."""

from collections.abc import Iterator
from dataclasses import field
from typing import Any

from pv.contract.problem import Path, Place, Problem, Severity
from pv.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """A key that was given before in the same mapping, with what it was given this time."""

    parent: Path | None
    """The mapping; None where that itself stands below a repeated key."""

    key: str
    place: Place
    first: Place
    """Where the key was given first."""

    value: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One parsed file: JSON values and where they stand."""

    path: str
    """Name of the file, as it was given."""

    data: Any
    """Dicts with text keys, lists, text, finite numbers, booleans, None; None where the text is no YAML."""

    values: dict[Path, Place] = field(default_factory=dict)
    """Path of a value to the 1-based line and column where it starts."""

    keys: dict[Path, Place] = field(default_factory=dict)
    """The same for the key that a value stands under."""

    plain: dict[Path, str] = field(default_factory=dict)
    """Path of a value that was written without quotes and is no text, to the letters it was written with."""

    repeats: tuple[Repeat, ...] = ()
    """Keys that were given twice; `data` holds what was given first."""

    problems: tuple[Problem, ...] = ()

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
    def _nearest(path: Path, tables: tuple[dict[Path, Place], ...]) -> Place:
        for end in range(len(path), -1, -1):
            for table in tables:
                if path[:end] in table:
                    return table[path[:end]]
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
