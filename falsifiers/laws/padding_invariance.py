"""What stands where the weight is 0, and what stands in other rows, leaves a row's sums alone.

Hunts for: padding that is attended to, counted, or scored.
Why it matters: the last window of every document is padded; a loss that depends on the padding is not a
loss of the text.
How it looks: a held-out loss that moves when only the batch size or the padding id changes.
If it strikes, suspect: weights that are ignored in the sum or in the count, a mean over the batch that is
handed out as a row's own, a mask that lets queries see the padding before them.
Blind spots: padding on the left; systems that drop padded places before `score` sees them.
Sources: SkyworkAI/Skywork issue 55 (polarity of a mask); trl issue 6668 (rows with nothing supervised).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from falsifiers.law import Law
from falsifiers.subject import ROWS, SystemSubject

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A row of some length in two surroundings."""

    seed: int
    surroundings: int
    """Seed of the other padding and of the other rows."""
    scored: int
    """Targets of the row that count."""


def cases(subject: SystemSubject) -> SearchStrategy[Case]:
    """Any row, any length."""
    from hypothesis import strategies as st

    seed = st.integers(0, 2**32 - 1)
    return st.builds(Case, seed=seed, surroundings=seed, scored=st.integers(1, subject.length))


def reading(subject: SystemSubject, case: Case) -> float:
    """Change of the row's sum of nats for each target, or of its count, whichever is larger."""
    ids = subject.tokens(case.seed)
    other = subject.others(case.surroundings, ids)
    other[0, : case.scored + 1] = ids[0, : case.scored + 1]
    weights = np.ones((ROWS, subject.length), np.float32)
    weights[0, case.scored :] = 0
    sums, counts = zip(*(subject.system.score(x[:, :-1], x[:, 1:], weights) for x in (ids, other)), strict=True)
    miscounted = max(abs(float(count[0]) - case.scored) for count in counts)
    return max(abs(float(sums[0][0] - sums[1][0])) / case.scored, miscounted)


# The same float32 operations on the same numbers; only sums over a whole batch may be reordered.
LAW = Law(
    name="padding-invariance",
    role="control",
    evidence="system",
    unit="nats/token",
    tolerance=1e-4,
    page=__doc__,
    strategy=cases,
    reading=reading,
)
