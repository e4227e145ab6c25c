"""A rotation keeps the norm of every head, however far away the position.

Hunts for: sines and cosines whose squares do not sum to 1.
Why it matters: a norm that shrinks with the position makes far keys quieter than near ones, which looks like learnt
locality and is a fault of a table.
How it looks: long contexts that are worse than short ones under the same weights.
If it strikes, suspect: the sign of one sine, tables that are kept in 16 bits, angles reduced by an approximation.
Blind spots: any angle at all; a wrong theta or a wrong pairing keeps the norm as well.
Sources: Su et al. 2021, arXiv:2104.09864, section 3.2.2: the rotation matrix is orthogonal.
"""

from __future__ import annotations

import numpy as np

from falsifiers.kernels.draw import THETAS, Case, cases
from falsifiers.kernels.trainer import call
from falsifiers.law import one_law

POSITIONS_AND_SIZE = ((32768, 8), (2048, 64), (1024, 128))


def reading(_subject: None, case: Case) -> float:
    """Largest relative change of a norm, over all positions; `scale` is theta."""
    positions, size = case.shape
    x = case.normal(1, positions, 1, size, scale=1.0)
    before = np.linalg.norm(x.astype(np.float64), axis=-1)
    after = np.linalg.norm(call("model.rotate", x, case.scale), axis=-1)
    return float(np.max(np.abs(after / before - 1)))


# Two float32 products and a sum an entry, 1.8e-7 at worst; sines that are kept in 16 bits miss by 2e-3.
FALSIFIER = one_law(
    __doc__, cases(*POSITIONS_AND_SIZE, scale=THETAS), reading, name=__name__, unit="ratio", tolerance=1e-5
)
