"""The reported tokens a second are those of the recorded steps, which together last no longer than their loop.

Hunts for: a reported rate, of a step or of the last twenty, that the times of the steps do not give.
Why it matters: a rate is what hardware is bought by, and nothing else in a run would look different.
How it looks: a good number beside steps whose times say another; more seconds of steps than the loop took.
If it strikes, suspect: tokens counted on each device, or as inputs and as targets; seconds taken for milliseconds; a
clock that is not set back after a step, or read before the device had finished.
Blind spots: a clock that is wrong by the same factor in every step and in the loop.
Sources: the JAX documentation on asynchronous dispatch; story of paiml/aprender pull request 1070.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from falsifiers.law import Law
from falsifiers.subject import RecordSubject, finite

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

PACE: Final = re.compile(r"^step (\d+)/\d+ .* ([\d,]+) tokens/s")
"""A line of the log: how many steps were done, and the rate of the last of them."""
STEPS: Final = 20
"""Steps that a line's rate is taken over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """An interval of recorded rows."""

    start: int
    length: int


def cases(subject: RecordSubject) -> SearchStrategy[Case]:
    """Any interval."""
    from hypothesis import strategies as st

    rows = max(len(subject.rows), 1)
    return st.builds(Case, start=st.integers(0, rows - 1), length=st.integers(1, rows))


def reading(subject: RecordSubject, case: Case) -> float:
    """Largest relative error of a reported rate, or excess of the interval over the loop; infinite without a time."""
    rows = subject.rows[case.start : case.start + case.length]
    times = [_seconds(row) for row in rows]
    if not rows or not all(times) or not (finite(subject.loop_seconds) and subject.loop_seconds > 0):
        return math.inf
    rates = [
        (row.get("tokens_per_s"), subject.tokens_per_step / time, 0.0) for row, time in zip(rows, times, strict=True)
    ]
    return max(sum(times) / subject.loop_seconds - 1, *(_off(*one) for one in (*rates, *_paces(subject, case))))


def _seconds(row: dict[str, Any]) -> float:
    """Seconds of a step; 0 where none are recorded."""
    time = row.get("wall_ms")
    return float(time) / 1000 if finite(time) and time is not None and time > 0 else 0.0


def _paces(subject: RecordSubject, case: Case) -> Iterator[tuple[float, float, float]]:
    """Each rate that the log reports in the interval, that of the steps, and the rounding of the former."""
    for found in filter(None, map(PACE.match, subject.log or ())):
        done = int(found[1])
        times = [_seconds(row) for row in subject.rows[max(done - STEPS, 0) : done]]
        if case.start < done <= case.start + case.length and times and all(times):
            yield float(found[2].replace(",", "")), len(times) * subject.tokens_per_step / sum(times), 0.5


def _off(reported: object, rate: float, rounding: float) -> float:
    """How far a reported rate is from that of the steps, relatively, beyond its rounding; infinite for no number."""
    if not finite(reported) or not isinstance(reported, int | float):
        return math.inf
    return max(abs(reported - rate) - rounding, 0.0) / rate


LAW = Law(
    name="rate-recomputed",
    role="claim",
    evidence="record",
    unit="ratio",
    tolerance=0.01,
    page=__doc__,
    strategy=cases,
    reading=reading,
)
