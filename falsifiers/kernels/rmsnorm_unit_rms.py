"""What leaves the norm has unit RMS, less what epsilon takes.

Hunts for: another statistic than the root of the mean square: a sum, a variance, a mean over another axis.
Why it matters: the next layer rescales whatever it gets, so a model trained with the wrong norm trains; one that was
loaded is ruined.
How it looks: a loss at load between the published one and ln V.
If it strikes, suspect: the axis of the mean, a mean that is subtracted, a sum of squares kept in 16 bits.
Blind spots: the place of epsilon where the vectors are large; the weight, which is 1 here.
Sources: Zhang and Sennrich 2019, arXiv:1910.07467, equation 4.
"""

from __future__ import annotations

import numpy as np

from falsifiers.kernels.draw import Case, cases
from falsifiers.kernels.trainer import call
from falsifiers.law import one_law

ROWS = 4


def reading(_subject: None, case: Case) -> float:
    """Largest distance of an output's RMS from what the definition implies; `at` picks epsilon."""
    [size] = case.shape
    eps = (1e-5, 1e-6)[case.at]
    x = case.normal(ROWS, size) + np.float32(case.scale)
    y = call("model.rms_norm", x, np.ones(size, np.float32), eps)
    mean_square = np.mean(x.astype(np.float64) ** 2, axis=-1)
    return float(np.max(np.abs(np.sqrt(np.mean(y**2, axis=-1)) - np.sqrt(mean_square / (mean_square + eps)))))


# A sum of n squares in a tree is off by log2 n roundings of 6e-8; of bfloat16 one alone is 4e-3.
FALSIFIER = one_law(
    __doc__,
    cases((8,), (64,), (896,), (8192,), scale=(1e-3, 1e3), places=2),
    reading,
    name=__name__,
    tolerance=1e-5,
    unit="1",
)
