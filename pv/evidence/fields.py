"""Takes values out of rows that somebody else wrote: the wrong type is None, never an exception."""

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

NON_FINITE = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}
"""How a writer spells a number that JSON lacks."""


def number(value: Any) -> float | None:
    """Return a finite number as a float."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        converted = float(value)
    except OverflowError:
        return None
    return converted if math.isfinite(converted) else None


def written(text: Any) -> float | None:
    """Return the finite number that a cell of a table spells."""
    try:
        return number(float(text))
    except (TypeError, ValueError, OverflowError):
        return None


def reading(value: Any) -> float | None:
    """Return a number, or the infinity or NaN that a text names; these are readings too, and refute."""
    return NON_FINITE.get(value) if isinstance(value, str) else number(value)


def count(value: Any) -> int | None:
    """Return a whole number from 0 to below 10**30; big ones may be stored as decimal text."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 30:
        return int(value)
    whole = isinstance(value, int) and not isinstance(value, bool)
    return value if whole and 0 <= value < 10**30 else None


def part(whole: Any, *keys: str) -> Mapping[str, Any]:
    """Return the object below `keys`, empty where there is none."""
    for key in keys:
        whole = whole.get(key) if isinstance(whole, Mapping) else None
    return whole if isinstance(whole, Mapping) else {}


def moment(value: Any) -> datetime | None:
    """Return the moment that an ISO 8601 text names; one without a time zone is taken as UTC."""
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def total(values: Iterable[float]) -> float:
    """Return the sum, correctly rounded; NaN where infinities cancel or the sum overflows."""
    try:
        return math.fsum(values)
    except (ValueError, OverflowError):
        return math.nan


def mean(values: Sequence[float]) -> float:
    """Return the arithmetic mean of at least one value."""
    return total(values) / len(values)
