"""The block is linear in its up branch, and not in its gate.

Hunts for: the two matrices exchanged.
Why it matters: they have one shape, so that an exchange at load passes every check of shapes.
How it looks: a loaded model that is bad; one trained from scratch that is as good as any.
If it strikes, suspect: the order of a fused matrix, names such as w1 and w3, an activation on the wrong product.
Blind spots: the down projection; gates so large that silu is linear.
Sources: Shazeer 2020, arXiv:2002.05202, equation 5.
"""

from __future__ import annotations

import numpy as np

from falsifiers.kernels.block import swiglu
from falsifiers.kernels.draw import Case, cases
from falsifiers.law import one_law

TOKENS = 8


def reading(_subject: None, case: Case) -> float:
    """Largest deviation from twice the output when up is doubled; 1 if doubling the gate comes within 1 % of it."""
    width, inner = case.shape
    x = case.normal(TOKENS, width, scale=1.0)
    gate, up = (case.normal(width, inner, stream=stream) / np.float32(np.sqrt(width)) for stream in (1, 2))
    down = case.normal(inner, width, scale=1.0, stream=3)
    twice = 2 * swiglu(x, gate, up, down)
    gated = np.linalg.norm(swiglu(x, 2 * gate, up, down) - twice)
    if not gated > 0.01 * np.linalg.norm(twice):
        return 1.0
    return float(np.max(np.abs(swiglu(x, gate, 2 * up, down) - twice)))


# Doubling is exact in every product and sum.
FALSIFIER = one_law(__doc__, cases((4, 16), (16, 48), (64, 176), scale=(0.3, 2)), reading, name=__name__, unit="1")
