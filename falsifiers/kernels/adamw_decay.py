"""With gradients of zero a decayed parameter shrinks by the rate times the decay, and the moments stay zero.

Hunts for: decay that is added to the gradient.
Why it matters: what passes through the moments is divided by their root, so that parameters with small gradients are
pulled hardest and the decay no longer means what it says.
How it looks: a run that needs a decay a thousand times smaller than published.
If it strikes, suspect: an L2 term in the loss, decayed weights added before the moments, an optimizer called Adam.
Blind spots: which parameters are decayed; that is another claim.
Sources: Loshchilov and Hutter 2017, arXiv:1711.05101, section 2.
"""

from __future__ import annotations

import numpy as np

from falsifiers.kernels.draw import Case, cases
from falsifiers.kernels.optimizer import moments, settings, update
from falsifiers.law import one_law

NAME = "embed"


def reading(_subject: None, case: Case) -> float:
    """Largest deviation of a parameter from its decayed self, in shares of it, or of a moment from 0."""
    [betas] = case.shape
    asked = settings(betas, weight_decay=0.1)
    params = {NAME: case.normal(12, 8) + np.float32(case.scale)}
    start, apply = update(asked)
    found, state = apply({NAME: np.zeros((12, 8), np.float32)}, start(params), params)
    expected = params[NAME] * (1 - np.float64(asked.learning_rate) * asked.weight_decay)
    carried = [np.max(np.abs(moment[NAME])) for moment in moments(state)]
    return float(np.max([np.max(np.abs(found[NAME] - expected) / np.abs(params[NAME])), *carried]))


# Three roundings of 6e-8: of the rate times the decay, of the move, of the parameter.
FALSIFIER = one_law(
    __doc__, cases((0,), (1,), (2,), scale=(1e-2, 1e2)), reading, name=__name__, unit="ratio", tolerance=1e-6
)
