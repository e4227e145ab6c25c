"""A row's logits depend on that row: not on its place in the batch, nor on its neighbours.

Hunts for: rows that see each other, and results handed back in another order.
Why it matters: a row that sees its neighbours sees, in a packed corpus, the text that it has to predict.
How it looks: a loss that changes with the batch size or with shuffling.
If it strikes, suspect: statistics over the batch, a reshape that mixes batch and time, a wrong axis under a
map over devices, key and value heads laid out across rows.
Blind spots: leaks that need a batch larger than a probe's; sharding over several devices.
Sources: profam issue 495 and trl issue 784 (packed documents that see each other).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from falsifiers.law import Law
from falsifiers.subject import ROWS, SystemSubject, largest, spread

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A batch, an order of its rows, and how many of them are kept; the others are replaced."""

    seed: int
    order: tuple[int, ...]
    kept: int


def cases(_: SystemSubject) -> SearchStrategy[Case]:
    """Any batch, any order, one row to all rows kept."""
    from hypothesis import strategies as st

    order = st.permutations(range(ROWS)).map(tuple)
    return st.builds(Case, seed=st.integers(0, 2**32 - 1), order=order, kept=st.integers(1, ROWS))


def reading(subject: SystemSubject, case: Case) -> float:
    """Largest change of a kept row's logits, in units of the logits' spread."""
    batch = subject.tokens(case.seed)[:, : subject.length]
    order = np.array(case.order)
    moved = batch[order]
    moved[case.kept :] = subject.others(case.seed, moved)[case.kept :]
    before, after = subject.system.logits(batch), subject.system.logits(moved)
    return largest(after[: case.kept] - before[order[: case.kept]]) / spread(before)


# Another row of a float32 matrix product may be summed in another order: about 1e-6 of the spread a layer.
LAW = Law(
    name="batch-order",
    role="control",
    evidence="system",
    unit="spread",
    tolerance=1e-4,
    page=__doc__,
    strategy=cases,
    reading=reading,
)
