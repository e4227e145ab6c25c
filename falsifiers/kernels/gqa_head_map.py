"""Each key/value head serves its own block of neighbouring query heads and no other.

Hunts for: query heads that read a neighbour's key/value head, or one head that serves all.
Why it matters: the shapes fit in every case, so nothing but the values can tell.
How it looks: as under tiled heads: fine from scratch, ruined at load.
If it strikes, suspect: a stride where a block is meant, a broadcast over an axis of size 1.
Blind spots: what the heads compute; only who reads whom is looked at.
Sources: Ainslie et al. 2023, arXiv:2305.13245, figure 2.
"""

from __future__ import annotations

import numpy as np

from falsifiers.kernels.draw import Case, cases
from falsifiers.kernels.trainer import call
from falsifiers.law import one_law

LENGTH, SIZE = 4, 8
RATIOS = ((14, 2), (28, 4), (16, 4), (32, 8))


def reading(_subject: None, case: Case) -> float:
    """Number of query heads that moved and should not have, or the reverse, when one key/value head was edited."""
    heads, shared = case.shape
    edited, group = case.at % shared, heads // shared
    counts = (heads, shared, shared)
    q, k, v = (case.normal(1, LENGTH, count, SIZE, stream=stream) for stream, count in enumerate(counts))
    before = call("model.attend", q, k, v)
    k[:, :, edited] *= -1
    v[:, :, edited] += 1
    moved = np.any(call("model.attend", q, k, v) != before, axis=(0, 1, 3))
    return float(np.sum(moved != (np.arange(heads) // group == edited)))


FALSIFIER = one_law(__doc__, cases(*RATIOS, scale=(0.1, 3), places=8), reading, name=__name__)
