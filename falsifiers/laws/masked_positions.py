"""A target of weight 0 costs nothing, and the parts of a loss add up to the whole.

Hunts for: masks with the wrong polarity, shifted masks, and targets that count although they must not.
Why it matters: a loss over other targets than the declared ones is another quantity under the same name.
How it looks: a count of targets that is right beside a sum that is not.
If it strikes, suspect: a mask applied before the shift of the targets, weights compared with a padding id,
a mean taken before the weights.
Blind spots: weights other than 0 and 1; masks that the evaluator makes by itself.
Sources: SkyworkAI/Skywork issue 55; Hugging Face course issue 33 (an end-of-sequence token that is never
supervised).
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
    """A sequence, and which of its targets count."""

    seed: int
    mask_seed: int
    kept: float
    """Share of targets that count."""


def cases(_: SystemSubject) -> SearchStrategy[Case]:
    """Any sequence, any scattered mask."""
    from hypothesis import strategies as st

    seed = st.integers(0, 2**32 - 1)
    return st.builds(Case, seed=seed, mask_seed=seed, kept=st.floats(0.0625, 0.9375, width=32))


def reading(subject: SystemSubject, case: Case) -> float:
    """Largest disagreement of sums, in nats for each target, or of counts.

    Rows: all targets; those of the mask; those outside it; those of the mask while the others are replaced.
    """
    ids = np.tile(subject.tokens(case.seed)[0], (ROWS, 1))
    inputs, targets = ids[:, :-1], ids[:, 1:].copy()
    mask = np.random.default_rng(case.mask_seed).random(subject.length) < case.kept
    targets[3] = np.where(mask, targets[3], subject.others(case.mask_seed, targets)[3])
    weights = np.stack([np.ones_like(mask), mask, ~mask, mask]).astype(np.float32)
    sums, counts = (np.asarray(x, np.float64) for x in subject.system.score(inputs, targets, weights))
    parts = abs(sums[1] + sums[2] - sums[0]) / subject.length
    reaction = abs(sums[3] - sums[1]) / subject.length
    miscounted = np.abs(counts - weights.sum(axis=1)).max()
    return float(np.max([parts, reaction, miscounted]))


# Sums of at most a few thousand float32 terms, each off by half a unit in the last place.
LAW = Law(
    name="masked-positions",
    role="control",
    evidence="system",
    unit="nats/token",
    tolerance=1e-4,
    page=__doc__,
    strategy=cases,
    reading=reading,
)
