"""A key that the mask took away weighs exactly nothing.

Hunts for: a mask that is absent, late, or made of a number that only looks like minus infinity.
Why it matters: -1e9 is no mask where the other scores are as low, and a weight of 1e-7 on the next token is a leak that
training finds and grows.
How it looks: a causality probe that fails at a few positions, or under a few weights only.
If it strikes, suspect: a finite constant for minus infinity, a mask in bfloat16, a mask applied after the softmax.
Blind spots: masks other than the causal one; scores below -4e37, past which JAX's own constant, -2.4e38, comes near.
Sources: karpathy/nanochat issue 844 (a leak through attention); jax.nn.dot_product_attention, its large negative
number.
"""

from __future__ import annotations

import numpy as np

from falsifiers.kernels.draw import Case, cases
from falsifiers.kernels.readout import of_attention
from falsifiers.law import one_law


def reading(_subject: None, case: Case) -> float:
    """Largest weight of a later key, where half of the heads have low scores alone."""
    [length] = case.shape
    scores = case.normal(4, length)
    scores[::2] = -np.abs(scores[::2]) - np.float32(case.scale)
    return float(np.max(np.abs(np.triu(of_attention(scores), k=1))))


# The exponential of minus infinity is 0, and 0 over any sum is.
FALSIFIER = one_law(__doc__, cases((2,), (16,), (64,), scale=(1, 1e36)), reading, name=__name__, unit="1")
