"""What `pv doctor` found, for people and for programs."""

from collections.abc import Sequence
from typing import Final, Protocol

from pv.view.json import SCHEMA_VERSION, Payload
from pv.view.layout import Cell, Screen, count, grid

_TONES: Final = {"ok": "green", "warn": "yellow", "fail": "red"}


class Line(Protocol):
    """One thing that was looked at."""

    @property
    def name(self) -> str:
        """What was looked at."""

    @property
    def state(self) -> str:
        """`ok`, `warn` or `fail`."""

    @property
    def found(self) -> str:
        """What was found."""

    @property
    def remedy(self) -> str:
        """What to do about it; empty where all is well."""


def doctor_text(lines: Sequence[Line], screen: Screen) -> str:
    """A line each, the remedy below it where there is one, then how many are well."""
    rows = []
    for line in lines:
        rows.append([Cell(str(line.state), _TONES[line.state]), Cell(line.name), Cell(line.found)])
        if line.remedy:
            rows.append([Cell(""), Cell(""), Cell(f"fix: {line.remedy}", "dim")])
    tally = {state: sum(line.state == state for line in lines) for state in _TONES}
    said = f"{count(len(lines), 'check')}: {tally['ok']} ok, {tally['warn']} warn, {tally['fail']} fail"
    return "\n".join([*grid(rows, screen), "", said])


def doctor_payload(lines: Sequence[Line]) -> Payload:
    """What `pv doctor --format json` prints."""
    return {
        "schema_version": SCHEMA_VERSION,
        "checks": [
            {"name": line.name, "state": str(line.state), "found": line.found, "remedy": line.remedy} for line in lines
        ],
    }
