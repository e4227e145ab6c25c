"""The probabilities of a row sum to 1, in the loss and in attention.

Hunts for: a sum over another axis, in too few bits, or over part of the row.
Why it matters: a normaliser that is off by a factor shifts every loss by its logarithm and scales every gradient.
How it looks: a loss that depends on the vocabulary's size or on the chunk; attention that grows with the context.
If it strikes, suspect: the axis where a row of length 1 fails, the dtype of the sum where only long rows do.
Blind spots: mass on the wrong entry; entries beyond 64, whose log-sum-exp float32 rounds by more than the tolerance.
Sources: Blanchard, Higham and Higham 2021, IMA J. Numer. Anal. 41(4), on the error of the log-sum-exp.
"""

from __future__ import annotations

import numpy as np

from falsifiers.kernels.draw import Case, cases
from falsifiers.kernels.readout import SIZE, of_attention, of_the_loss
from falsifiers.law import one_law

ROWS = 2
LARGEST = 64


def reading(_subject: None, case: Case) -> float:
    """Largest distance of a row's sum from 1."""
    [length] = case.shape
    rows = np.clip(case.normal(ROWS, length), -LARGEST, LARGEST)
    targets = (case.at + np.arange(ROWS)) % length
    found = of_the_loss(rows, targets), of_attention(rows[:, :SIZE])
    return float(np.max([np.max(np.abs(probabilities.sum(axis=-1) - 1)) for probabilities in found]))


# A log-sum-exp below 128 is rounded by 3.8e-6, which scales the whole row; the sum itself adds (log2 n + 4) 6e-8.
FALSIFIER = one_law(
    __doc__,
    cases((1,), (7,), (1000,), (151936,), scale=(1e-3, 30), places=1000),
    reading,
    name=__name__,
    tolerance=1e-5,
    unit="1",
)
