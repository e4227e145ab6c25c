"""The norm of the negated vector is the negated norm, to the last bit.

Hunts for: anything even in the norm: a magnitude, a square, a bias.
Why it matters: half of what a vector says is its sign.
How it looks: training that stops early at a loss above the reference's.
If it strikes, suspect: a bias carried over from LayerNorm, a magnitude taken before the division.
Blind spots: a mean that is subtracted is odd as well, and obeys.
Sources: equation 4 of arXiv:1910.07467 is odd in x; rounding to nearest is symmetric.
"""

from __future__ import annotations

import numpy as np

from falsifiers.kernels.draw import Case, cases
from falsifiers.kernels.trainer import call
from falsifiers.law import one_law


def reading(_subject: None, case: Case) -> float:
    """Largest entry of norm(-x) + norm(x)."""
    [size] = case.shape
    x, weight = case.normal(4, size), case.normal(size, scale=1.0, stream=1)
    return float(np.max(np.abs(call("model.rms_norm", -x, weight, 1e-6) + call("model.rms_norm", x, weight, 1e-6))))


# Squares are equal, so the roots are, and a product changes its sign only.
FALSIFIER = one_law(__doc__, cases((8,), (64,), (896,), (8192,), scale=(1e-3, 1e3)), reading, name=__name__, unit="1")
