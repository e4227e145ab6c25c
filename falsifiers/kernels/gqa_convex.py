"""Every output of attention is an average of the values that its query may see.

Hunts for: weights that do not sum to 1, or that sum over another axis.
Why it matters: an average keeps the size of activations whatever the length; a sum grows with it.
How it looks: activations whose size depends on the position.
If it strikes, suspect: a missing normaliser, a softmax over queries, weights that overflowed.
Blind spots: which average it is.
Sources: Vaswani et al. 2017, arXiv:1706.03762, equation 1: weights of a softmax.
"""

from __future__ import annotations

import numpy as np

from falsifiers.kernels.draw import RATIOS, Case, cases
from falsifiers.kernels.trainer import call
from falsifiers.law import one_law

LENGTH, SIZE = 16, 16


def reading(_subject: None, case: Case) -> float:
    """Largest excess over the interval of visible values, in shares of all values' distance; `scale` is the scores'."""
    heads, shared = case.shape
    q = case.normal(1, LENGTH, heads, SIZE)
    k = case.normal(1, LENGTH, shared, SIZE, scale=1.0, stream=1)
    v = case.normal(1, LENGTH, shared, SIZE, scale=1.0, stream=2) + np.float32(4)
    found = call("model.attend", q, k, v)[0]
    seen = np.repeat(v[0].astype(np.float64), heads // shared, axis=1)
    low, high = np.minimum.accumulate(seen, axis=0), np.maximum.accumulate(seen, axis=0)
    return float(np.max(np.maximum(low - found, found - high)) / np.ptp(seen))


# Values about 4, none near 0, so that weights which do not sum to 1 leave the interval; rounding adds 1e-6.
FALSIFIER = one_law(__doc__, cases(*RATIOS, scale=(0.1, 300)), reading, name=__name__, unit="ratio", tolerance=1e-5)
