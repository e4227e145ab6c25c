"""No row of finite logits overflows, and none loses its mass.

Hunts for: exponentials above 3.4e38, and NaNs that were swept away instead of avoided.
Why it matters: one NaN ends a run; one that is replaced by 0 ends nothing and hides a row that has no probability left.
How it looks: a run that dies at a single step, or a loss that is exactly 0 on rare tokens.
If it strikes, suspect: a missing subtraction of the maximum, a nan_to_num, a fused path without either.
Blind spots: scores above 4e37 in attention, where the product of query and key overflows by itself.
Sources: 89.0 is the smallest whole logit whose float32 exponential overflows; Milakov and Gimelshein 2018,
arXiv:1805.02867.
"""

from __future__ import annotations

import numpy as np

from falsifiers.kernels.draw import Case, Single, cases
from falsifiers.kernels.readout import SIZE, of_attention, of_the_loss
from falsifiers.law import one_law
from falsifiers.oracles.decoder import Floats

LARGEST = float(np.finfo(np.float32).max)


def reading(_subject: None, case: Case) -> float:
    """Number of probabilities that are not finite, and of rows with less than half of their mass."""
    [length] = case.shape
    rows = rows_of(case, length)
    lost = [bad(of_the_loss(rows, (case.at + np.arange(len(rows))) % length))]
    with np.errstate(over="ignore"):
        lost.append(bad(of_attention(np.clip(rows[:, :SIZE], -4e37, 4e37))))
    return float(sum(lost))


def rows_of(case: Case, length: int) -> Single:
    """Two rows at random of the case's magnitude, one of equal logits, and one of zeros."""
    with np.errstate(over="ignore"):
        drawn = np.clip(case.normal(2, length), -LARGEST, LARGEST)
    return np.stack([*drawn, np.full(length, np.float32(case.scale)), np.zeros(length, np.float32)])


def bad(probabilities: Floats) -> int:
    """What is not finite, and rows that do not hold half of their mass; equal huge logits may hold too much."""
    return int(np.sum(~np.isfinite(probabilities)) + np.sum(np.sum(probabilities, axis=-1) < 0.5))


FALSIFIER = one_law(
    __doc__, cases((1,), (2,), (1000,), scale=(1, 3.4e38), places=1000), reading, name=__name__, unit="1"
)
