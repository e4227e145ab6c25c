"""A parsed file of the older tool, with ways to ask for its parts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pv.contract.legacy.tables import SPELLINGS
from pv.contract.problem import Path, Problem, Severity
from pv.contract.reader import Document, entries

Row = tuple[Path, dict[str, Any]]
"""A mapping in a list, and where it stands."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file whose top level is a mapping."""

    document: Document
    newer: bool = False
    """Whether the rules of the newer dialect hold."""

    @property
    def data(self) -> dict[str, Any]:
        """The top level."""
        data: dict[str, Any] = self.document.data
        return data

    def part(self, name: str) -> dict[str, Any]:
        """A mapping of the top level; empty where there is none."""
        part = self.data.get(name)
        return part if isinstance(part, dict) else {}

    def rows(self, name: str) -> Iterator[Row]:
        """The mappings in a list of the top level."""
        return (((name, index), entry) for index, entry in entries(self.data, name))

    def listed(self, name: str) -> list[Any]:
        """A list of the top level; empty where there is none."""
        part = self.data.get(name)
        return part if isinstance(part, list) else []

    def equations(self) -> Iterator[tuple[str, Path, Any]]:
        """Name, place and content of every equation; of one that is given twice the last, as the tool does."""
        last = {again.key: again for again in self.document.repeats if again.parent == ("equations",)}
        for name, entry in self.part("equations").items():
            again = last.get(name)
            if again is None or again.path is None:
                yield name, ("equations", name), entry
            else:
                yield name, again.path, again.value

    def text(self, row: Row, key: str) -> str:
        """A scalar of a row as it was written; empty where there is none."""
        at, entry = row
        if self.newer and key not in entry:
            key = next((old for old, name in SPELLINGS.items() if name == key and old in entry), key)
        value = entry.get(key)
        return value if isinstance(value, str) else self.document.plain.get((*at, key), "")

    def has_blank(self, row: Row, key: str) -> bool:
        """Whether a field is given as a scalar and is empty."""
        at, entry = row
        if self.newer and key not in entry:
            key = next((old for old, name in SPELLINGS.items() if name == key and old in entry), key)
        value = entry.get(key, 0)
        return value == "" or (value is None and self.document.blank((*at, key), value))

    def error(self, code: str, at: Path, message: str, hint: str = "") -> Problem:
        """A problem for which the older tool rejects the file."""
        return self.document.problem(code, at, message, hint)

    def warning(self, code: str, at: Path, message: str, hint: str = "", *, key: bool = False) -> Problem:
        """A problem for which it does not."""
        severity: Severity = "warning"
        return self.document.problem(code, at, message, hint, key=key, severity=severity)


def has(row: Mapping[str, Any], key: str) -> bool:
    """Whether an optional field says something; `~` and an empty value do not."""
    return row.get(key) is not None
