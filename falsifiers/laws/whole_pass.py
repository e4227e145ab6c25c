"""A pass over the train split trains on every target of it, but for fewer than a window at its end.

Hunts for: text that is counted as training data and never trained on.
Why it matters: what is said of a corpus holds of what was read; a tail that is never read may be a whole kind of text.
How it looks: every window is found in the split, none twice, and the number of tokens fits.
If it strikes, suspect: a permutation of fewer windows than there are, windows that leave out the token between them, a
share of the data set aside by a loader, documents sorted by length and dropped at the end.
Blind spots: passes that the run was too short for are asked of the loader, and were not trained on; a window that
stands in the split several times counts for all its places.
Sources: verl issue 7401 (an epoch that was skipped); pytorch issue 5059.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from falsifiers.law import Law
from falsifiers.subject import SystemSubject

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A stretch of the split's targets, as shares of it."""

    start: float
    length: float


def cases(_: SystemSubject) -> SearchStrategy[Case]:
    """Any stretch."""
    from hypothesis import strategies as st

    share = st.floats(0, 1, exclude_max=True, width=32)
    return st.builds(Case, start=share, length=share)


def reading(subject: SystemSubject, case: Case) -> float:
    """Targets of the stretch that the first pass leaves out."""
    unread = subject.unread[: len(subject.unread) - subject.system.context]
    start = int(case.start * len(unread))
    return float(unread[start : start + 1 + int(case.length * len(unread))].sum())


LAW = Law(
    name="whole-pass",
    role="control",
    evidence="system",
    unit="tokens",
    tolerance=0.0,
    page=__doc__,
    strategy=cases,
    reading=reading,
)
