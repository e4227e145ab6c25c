"""Within one pass over the train split no window is trained on twice.

Hunts for: a loader that stands still, goes back, or deals some windows out twice and others never.
Why it matters: tokens that are counted but not new make a small corpus look like a large one, and a curve fall faster.
How it looks: a training loss that falls below the held-out one from the first pass on; a count of tokens that fits.
If it strikes, suspect: an index that does not move, a permutation drawn anew inside a pass, workers that share a
seed, a resume that starts the pass again.
Blind spots: windows that are never used; a second pass over a corpus that was to last for one.
Sources: tanelp.github.io, "Using PyTorch + NumPy? You're making a mistake" (2021); paiml/aprender pull request 1070;
pytorch issue 5059.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from falsifiers.law import Law
from falsifiers.oracles.decoder import Ints
from falsifiers.subject import SystemSubject

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

MOST = 24
"""Steps whose batches are compared with each other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """An interval of steps."""

    start: int
    steps: int


def cases(subject: SystemSubject) -> SearchStrategy[Case]:
    """Any interval of executed steps."""
    from hypothesis import strategies as st

    last = max(0, subject.steps - 1)
    return st.builds(Case, start=st.integers(0, last), steps=st.integers(2, MOST))


def reading(subject: SystemSubject, case: Case) -> float:
    """Times that a window was used in one pass beyond the places where it stands in the train split."""
    context, train = subject.system.context, subject.train
    pass_windows = max(1, (len(train) - 1) // context)
    used: Counter[tuple[int, bytes]] = Counter()
    for step in range(case.start, min(case.start + case.steps, max(1, subject.steps))):
        batch = np.asarray(subject.system.window(step))
        for row, window in enumerate(batch):
            used[(step * len(batch) + row) // pass_windows, window.astype(np.int32).tobytes()] += 1
    again = {window: times for (_, window), times in used.items() if times > 1}
    over = [times - _places(train, np.frombuffer(window, np.int32), context) for window, times in again.items()]
    return float(max([0, *over]))


def _places(train: Ints, window: Ints, context: int) -> int:
    """How many windows of the split's stream hold just these ids."""
    count = (len(train) - 1) // context
    heads = np.flatnonzero(train[: count * context : context] == window[0])
    return sum(np.array_equal(train[at * context : at * context + len(window)], window) for at in heads)


LAW = Law(
    name="windows-once",
    role="claim",
    evidence="system",
    unit="1",
    tolerance=0.0,
    page=__doc__,
    strategy=cases,
    reading=reading,
)
