"""The odd part of the activation is half its argument, at any size.

Hunts for: an activation that overflows, and whose NaN was swept away.
Why it matters: exp(-z) is infinite below -88 and exp(z) above 88; one of the two forms of silu divides infinity by
itself.
How it looks: large activations that are 0, at a few tokens only.
If it strikes, suspect: z exp(z) / (1 + exp(z)), a nan_to_num, a clip of the argument.
Blind spots: ReLU and the exact GELU obey as well.
Sources: Elfwing, Uchibe and Doya 2017, arXiv:1702.03118, equation 5.
"""

from __future__ import annotations

import numpy as np

from falsifiers.kernels.block import silu
from falsifiers.kernels.draw import Case, cases
from falsifiers.law import one_law

COUNT = 256


def reading(_subject: None, case: Case) -> float:
    """Largest deviation of silu(z) - silu(-z) from z, in shares of z."""
    z = case.normal(COUNT)
    z = np.where(np.abs(z) < 1e-6, np.float32(1e-6), z)
    both = silu(np.concatenate([z, -z]))
    return float(np.max(np.abs(both[:COUNT] - both[COUNT:] - z) / np.abs(z)))


# Two sigmoids that sum to 1 are each rounded to 6e-8, and so are their products with z.
FALSIFIER = one_law(__doc__, cases((COUNT,), scale=(1e-3, 1e4)), reading, name=__name__, unit="ratio", tolerance=1e-6)
