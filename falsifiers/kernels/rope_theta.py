"""Models of different theta in one process turn by their own angles.

Hunts for: a table or a compiled kernel that was made for another theta.
Why it matters: theta is a number of the checkpoint; with another one the scores are wrong at every distance but 0.
How it looks: the second model that a process loads is worse than the same model alone.
If it strikes, suspect: the key of a cache, a table kept in a module, a default of 10,000.
Blind spots: caches that outlive the process; scaled frequencies.
Sources: Su et al. 2021, arXiv:2104.09864, section 3.2.2: theta is 10,000 there and 1,000,000 in Qwen2.5.
"""

from __future__ import annotations

import numpy as np

from falsifiers.kernels.draw import Case, cases
from falsifiers.kernels.trainer import eager_and_compiled
from falsifiers.law import one_law
from falsifiers.oracles.rotation import rotated

POSITIONS = 16
ORDERS = ((1e4, 1e6, 1e4), (1e6, 1e4, 1e6), (5e5, 1e4, 5e5))


def reading(_subject: None, case: Case) -> float:
    """Largest deviation from the float64 rotation, theta by theta."""
    [size] = case.shape
    x = case.normal(1, POSITIONS, 2, size, scale=1.0)
    return float(
        max(
            np.max(np.abs(found - rotated(x, theta)))
            for theta in ORDERS[case.at]
            for found in eager_and_compiled("model.rotate", x, theta, static=1)
        )
    )


# Angles below 16 are rounded by 4.8e-7, of entries below 5.
FALSIFIER = one_law(__doc__, cases((8,), (64,), places=len(ORDERS)), reading, name=__name__, unit="1", tolerance=1e-5)
