"""Workflow commands that GitHub shows as annotations at the lines of a pull request.

A step shows ten errors, ten warnings and ten notices, and drops the rest in silence; so the worst come first, no more
than that are written, and a notice says how many were left out. A command is one line; what could end it or start
another is escaped.

Source: GitHub Actions, workflow commands; `escapeData` and `escapeProperty` of its toolkit.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from pv.verdict import ContractVerdict
from pv.view.formats.result import Locate, Result, Severity, nearby, nowhere, results
from pv.view.layout import clean
from pv.view.text import summary_line

MOST: Final = 10
"""Annotations of one severity that a step shows."""

SHOWN: Final[tuple[Severity, ...]] = ("error", "warning")
"""Severities that become annotations; notes are in the other formats."""


def validate_github(verdicts: Sequence[ContractVerdict], locate: Locate = nowhere) -> str:
    """An annotation a line, errors before warnings, and a last one with the denominators and what was left out."""
    found = results(verdicts, locate, SHOWN)
    lines = [_annotation(result) for severity in SHOWN for result in _first(found, severity)]
    return "\n".join([*lines, f"::notice title=pv::{_data(_closing(verdicts, found))}"])


def _first(found: Sequence[Result], severity: str) -> list[Result]:
    return [result for result in found if result.severity == severity][:MOST]


def _annotation(result: Result) -> str:
    place = {"file": nearby(result.path), "line": max(result.line, 1), "col": max(result.column, 1)}
    properties = ",".join(f"{name}={_property(value)}" for name, value in {**place, "title": result.rule}.items())
    return f"::{result.severity} {properties}::{_data(result.message)}"


def _closing(verdicts: Sequence[ContractVerdict], found: Sequence[Result]) -> str:
    counts = Counter(result.severity for result in found)
    dropped = [f"{counts[name] - MOST} {name}s" for name in SHOWN if counts[name] > MOST]
    said = f"; {' and '.join(dropped)} are not shown here, see `pv validate`" if dropped else ""
    return summary_line(verdicts) + said


def _data(value: object) -> str:
    return clean(value).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: object) -> str:
    return _data(value).replace(":", "%3A").replace(",", "%2C")
