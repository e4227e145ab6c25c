"""Every query has a key to look at, from the first position on.

Hunts for: a row that is masked from end to end, which becomes NaN or a uniform average of what it must not see.
Why it matters: under a finite mask such a row averages the future, and no error says so.
How it looks: the first token of every window is predicted worse, or suspiciously better, than the second.
If it strikes, suspect: a strict triangle for a mask, padding on the left, a window of length 0.
Blind spots: masks that the trainer does not make; it offers the causal one.
Sources: pytorch/pytorch issue 41508 (NaN from a fully masked row of MultiheadAttention).
"""

from __future__ import annotations

import numpy as np

from falsifiers.kernels.draw import Case, cases
from falsifiers.kernels.readout import of_attention
from falsifiers.law import one_law


def reading(_subject: None, case: Case) -> float:
    """Number of queries whose weights on what they may see are neither all of the mass nor none."""
    [length] = case.shape
    mass = np.tril(of_attention(case.normal(4, length))).sum(axis=-1)
    return float(np.sum(~((np.abs(mass - 1) < 1e-3) | (mass == 0))))


FALSIFIER = one_law(__doc__, cases((1,), (2,), (16,), (64,), scale=(1e-3, 1e4)), reading, name=__name__)
