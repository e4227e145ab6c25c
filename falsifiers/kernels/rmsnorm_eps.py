"""Epsilon is what the caller asks for, each time, in whatever order.

Hunts for: an epsilon that is a constant, or that a cache of compiled kernels has kept from another model.
Why it matters: a kernel for 1e-6 that serves a model with 1e-5 is wrong by a factor on small vectors and nowhere else.
How it looks: the second model that a process loads is worse than the same model alone.
If it strikes, suspect: a default value, the key of a cache, a number written into a kernel's source.
Blind spots: caches that outlive the process.
Sources: paiml/aprender issues 1601, 1602 and 1607, 2026: a kernel cache whose key lacked epsilon.
"""

from __future__ import annotations

from itertools import permutations

import numpy as np

from falsifiers.kernels.draw import Case, cases
from falsifiers.kernels.trainer import eager_and_compiled
from falsifiers.law import one_law

ORDERS = tuple(permutations((1e-5, 1e-6, 1e-8)))


def reading(_subject: None, case: Case) -> float:
    """Largest distance of an output's RMS from sqrt(1/2), where the mean square of the input is epsilon."""
    [size] = case.shape
    x = case.normal(4, size, scale=1.0).astype(np.float64)
    x /= np.sqrt(np.mean(x**2, axis=-1, keepdims=True))
    worst = 0.0
    for eps in ORDERS[case.at]:
        small = (x * np.sqrt(eps)).astype(np.float32)
        for y in eager_and_compiled("model.rms_norm", small, np.ones(size, np.float32), eps, static=2):
            worst = max(worst, float(np.max(np.abs(np.sqrt(np.mean(y**2, axis=-1)) - np.sqrt(0.5)))))
    return worst


# Another of the three epsilons gives 0.30, 0.95 or more; rounding 1e-7.
FALSIFIER = one_law(__doc__, cases((8,), (64,), places=len(ORDERS)), reading, name=__name__, unit="1", tolerance=1e-3)
