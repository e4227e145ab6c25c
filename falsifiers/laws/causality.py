"""What comes later does not change what was predicted earlier.

Hunts for: a prediction that sees the token it predicts, or tokens after it.
Why it matters: such a model reaches any loss without having learnt anything; the loss itself cannot tell.
How it looks: a held-out loss that is far too good, or, early in training, one that is merely a little
better.
If it strikes, suspect: the attention mask (absent, transposed, or off by one), a summary of a block that
spans its end, normalisation over time, windows whose rows see each other.
Blind spots: a path used in training but not by `logits`; leaks smaller than the tolerance; leaks that need
more ids than a probe has.
Sources: karpathy/nanochat issue 844 (bits per byte of 0.0018 by leakage); huggingface/transformers issue
48745.
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
    """One sequence, and copies of it that are edited after a place each."""

    seed: int
    cuts: tuple[int, ...]
    """Last unedited place of each copy."""


def cases(subject: SystemSubject) -> SearchStrategy[Case]:
    """Any sequence, any places."""
    from hypothesis import strategies as st

    cut = st.integers(0, subject.length - 2)
    return st.builds(Case, seed=st.integers(0, 2**32 - 1), cuts=st.tuples(*[cut] * (ROWS - 1)))


def reading(subject: SystemSubject, case: Case) -> float:
    """Largest change of an earlier logit, in units of the logits' spread."""
    base = subject.tokens(case.seed)[0, : subject.length]
    batch = np.tile(base, (ROWS, 1))
    edited = subject.others(case.seed, batch)
    for row, cut in enumerate(case.cuts, start=1):
        batch[row, cut + 1 :] = edited[row, cut + 1 :]
    logits = subject.system.logits(batch)
    scale = spread(logits[0])
    return max(
        largest(logits[row, : cut + 1] - logits[0, : cut + 1]) / scale for row, cut in enumerate(case.cuts, start=1)
    )


# A masked place enters a sum as an exact zero: equal rows differ by reordered sums at most, about 1e-6.
LAW = Law(
    name="causality",
    role="control",
    evidence="system",
    unit="spread",
    tolerance=1e-4,
    page=__doc__,
    strategy=cases,
    reading=reading,
)
