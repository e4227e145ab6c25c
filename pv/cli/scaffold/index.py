"""Adds rows to the static index of a project's package of falsifiers; its other rows stay."""

import json
from pathlib import Path
from typing import Any

from pv.cli.scaffold.files import replace_whole
from pv.errors import UsageError


def as_text(index: dict[str, Any]) -> str:
    """An index as it is written: sorted, a line a value."""
    return json.dumps(index, indent=2, sort_keys=True) + "\n"


def with_row(path: Path, section: str, name: str, row: Any) -> bytes:
    """The bytes of an index with one more row.

    Raises:
        UsageError: The index cannot be read, or has a row of that name.
    """
    try:
        index = json.loads(path.read_text(encoding="utf-8"))
        rows = index[section]
        taken = name in rows
        rows[name] = row
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(str(path), f"is no index ({error})", "mend it first; see pv validate") from error
    if taken:
        raise UsageError(str(path), f"{section} has {name} already", "choose another name")
    return as_text(index).encode()


def add_row(path: Path, section: str, name: str, row: Any) -> None:
    """Add a row to an index, in one step.

    Raises:
        UsageError: As `with_row`, or the file cannot be written.
    """
    replace_whole(path, with_row(path, section, name, row))
