"""Every row of every training batch is a contiguous piece of the train split on disk.

Hunts for: training on something else than the recorded corpus.
Why it matters: split, overlap and histogram are recorded for the shards; they say nothing about ids from
elsewhere.
How it looks: a histogram that is right beside a loss that does not fit it.
If it strikes, suspect: a loader that pads, repeats or shuffles ids inside a row, another split, another
dtype, a tokenizer applied a second time.
Blind spots: what becomes of a batch after `window` has handed it out; pieces drawn too often or never.
Sources: paiml/aprender pull request 1744 (a validation set taken from the training iterator); pytorch issue
56488.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from falsifiers.law import Law
from falsifiers.oracles.shards import occurs
from falsifiers.subject import SystemSubject

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A row of a step's batch; counted round, so that any number names one."""

    step: int
    row: int


def cases(subject: SystemSubject) -> SearchStrategy[Case]:
    """Any executed step, any row."""
    from hypothesis import strategies as st

    return st.builds(Case, step=st.integers(0, max(0, subject.steps - 1)), row=st.integers(0, 63))


def reading(subject: SystemSubject, case: Case) -> float:
    """1 where the row is not to be found in the train split, or is no whole window."""
    window = np.asarray(subject.system.window(case.step))
    row = window[case.row % len(window)]
    whole = window.ndim == 2 and len(row) == subject.system.context + 1
    return 0.0 if whole and occurs(subject.train, row) else 1.0


LAW = Law(
    name="window-from-corpus",
    role="control",
    evidence="system",
    unit="rows",
    tolerance=0.0,
    page=__doc__,
    strategy=cases,
    reading=reading,
)
