"""Steps take time, together never more than the loop that holds them, which is as long as its own files say.

Hunts for: step times that were not measured; a clock that starts late, stops early, or is slow.
Why it matters: throughput and "less than an hour" rest on two clocks; if they contradict each other,
neither counts.
How it looks: a median step time that, times the number of steps, is longer than the whole run; or steps of
0 ms.
If it strikes, suspect: a clock read before the device had finished, a scripted curve, seconds written as
milliseconds, segments of a resumed run added twice.
Blind spots: time before the first epoch is written and after the last one; a run that was taken up again.
Sources: story of paiml/aprender pull request 1070 and its follow-ups (a step function that returned
constants).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from falsifiers.law import Law
from falsifiers.subject import RecordSubject, finite

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy


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
    """Seconds by which the interval's steps, or the files of the epochs, outlast the loop; infinite for no time."""
    times = [row.get("wall_ms") for row in subject.rows[case.start : case.start + case.length]]
    measured = [float(t) for t in times if finite(t) and t is not None and t > 0]
    if len(measured) < len(times) or not times or not finite(subject.loop_seconds):
        return math.inf
    return max(sum(measured) / 1000, subject.written_seconds) - subject.loop_seconds


# Clock readings are rounded for the record: half a microsecond a step, and a little for the loop itself.
LAW = Law(
    name="step-clock",
    role="claim",
    evidence="record",
    unit="s",
    tolerance=0.1,
    page=__doc__,
    strategy=cases,
    reading=reading,
)
