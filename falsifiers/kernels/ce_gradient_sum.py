"""The slope of a token's loss moves mass about and makes none: its entries sum to 0 and only the target's is negative.

Hunts for: a backward pass that is not softmax minus one-hot.
Why it matters: this pass is written by hand and fused with the loss, so that no automatic differentiation vouches for
it.
How it looks: logits that drift together during training, at no cost in the loss.
If it strikes, suspect: a further term in one pass and not in the other, a normaliser of other tokens, a sum in 16 bits.
Blind spots: two entries exchanged; the directional derivative sees those.
Sources: Bridle 1990, NIPS 2: the derivative of a log softmax; Wijmans et al. 2024, arXiv:2411.09009, section 3.
"""

from __future__ import annotations

import numpy as np

from falsifiers.kernels.draw import Case, cases
from falsifiers.kernels.readout import of_the_loss
from falsifiers.law import one_law

TOKENS = 4


def reading(_subject: None, case: Case) -> float:
    """Largest of: a sum's distance from 0, an entry's excess over 1, an entry of the wrong sign."""
    [vocabulary] = case.shape
    targets = (case.at + np.arange(TOKENS)) % vocabulary
    slopes = of_the_loss(case.normal(TOKENS, vocabulary), targets)
    slopes[np.arange(TOKENS), targets] -= 1
    rises = -slopes
    rises[np.arange(TOKENS), targets] *= -1
    return float(np.max([np.max(np.abs(slopes.sum(axis=1))), np.max(np.abs(slopes)) - 1, np.max(rises)]))


# The probabilities of logits up to 100 sum to 1 within 3.8e-6, the rounding of their log-sum-exp.
FALSIFIER = one_law(
    __doc__,
    cases((2,), (300,), (5000,), scale=(0.1, 20), places=5000),
    reading,
    name=__name__,
    tolerance=1e-5,
    unit="1",
)
