"""Grouped attention is full attention whose key/value heads are repeated for every query head of their group.

Hunts for: heads that are tiled instead of repeated, scores without their scale, a mask that is not causal.
Why it matters: tiled heads are a sound model when trained from scratch and ruin every checkpoint that is loaded.
How it looks: a loaded model with fewer key/value heads than query heads is bad, one with as many is well.
If it strikes, suspect: tile for repeat, a reshape with the group in front, a scale of 1 or of the hidden size.
Blind spots: dtypes other than float32; fused kernels of an accelerator.
Sources: Ainslie et al. 2023, arXiv:2305.13245, section 2.2; nntile issue 347 (tests that passed with one head).
"""

from __future__ import annotations

import numpy as np

from falsifiers.kernels.draw import RATIOS, Case, cases
from falsifiers.kernels.trainer import call
from falsifiers.law import one_law
from falsifiers.oracles.attention import attention

BATCH, LENGTH, SIZE = 2, 16, 16


def reading(_subject: None, case: Case) -> float:
    """Largest deviation from the float64 attention of repeated heads."""
    heads, shared = case.shape
    counts = (heads, shared, shared)
    q, k, v = (case.normal(BATCH, LENGTH, count, SIZE, stream=stream) for stream, count in enumerate(counts))
    return float(np.max(np.abs(call("model.attend", q, k, v) - attention(q, k, v))))


# Scores below 30 rounded to 1e-6 move weights by 1e-6 of values below 8.
FALSIFIER = one_law(__doc__, cases(*RATIOS, scale=(0.1, 1.5)), reading, name=__name__, tolerance=1e-5, unit="1")
