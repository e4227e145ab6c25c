"""The first position of a sequence is not turned at all.

Hunts for: positions that start at 1, or that a cache has shifted.
Why it matters: a shift of all positions changes no score within a sequence, so nothing in training shows it; it shows
where keys of a prefill meet queries of a decoding step that counts otherwise.
How it looks: a model that continues well from its own prefill and badly from a cached one.
If it strikes, suspect: a counter that was raised before it was used, the length of a cache taken for a position.
Blind spots: shifts of later positions only.
Sources: Su et al. 2021, arXiv:2104.09864, equation 14 at m = 0.
"""

from __future__ import annotations

import numpy as np

from falsifiers.kernels.draw import THETAS, Case, cases
from falsifiers.kernels.trainer import call
from falsifiers.law import one_law

POSITIONS_AND_SIZE = ((1, 8), (7, 64), (64, 128))


def reading(_subject: None, case: Case) -> float:
    """Largest change of an entry at position 0; `scale` is theta."""
    positions, size = case.shape
    x = case.normal(2, positions, 3, size, scale=1.0)
    return float(np.max(np.abs(call("model.rotate", x, case.scale)[:, 0] - x[:, 0])))


# The cosine of 0 is 1 and its sine is 0: both products and their sum are exact.
FALSIFIER = one_law(__doc__, cases(*POSITIONS_AND_SIZE, scale=THETAS), reading, name=__name__, unit="1")
