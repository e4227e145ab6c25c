"""A larger logit never has a smaller probability.

Hunts for: a sign, a reversed comparison, an approximation of the exponential that is not monotone.
Why it matters: every greedy decoding and every ranking rests on the order alone.
How it looks: generated text is nonsense although the loss is plausible.
If it strikes, suspect: the sign in front of the logits or of the slope, a table of exponentials.
Blind spots: everything that keeps the order, such as a wrong temperature.
Sources: the exponential is increasing; Bridle 1990, NIPS 2.
"""

from __future__ import annotations

import numpy as np

from falsifiers.kernels.draw import Case, Single, cases
from falsifiers.kernels.readout import SIZE, of_attention, of_the_loss
from falsifiers.law import one_law
from falsifiers.oracles.decoder import Floats

ROWS = 4


def reading(_subject: None, case: Case) -> float:
    """Number of neighbours, in the order of the logits, whose probabilities are in the other order."""
    [length] = case.shape
    rows = case.normal(ROWS, length)
    target = case.at % length
    slopes = np.delete(of_the_loss(rows, np.full(ROWS, target)), target, axis=1)
    weights = of_attention(rows[:, :SIZE])[:, -1]
    return inversions(np.delete(rows, target, axis=1), slopes) + inversions(rows[:, :SIZE], weights)


def inversions(logits: Single, probabilities: Floats) -> float:
    """Ties among the logits are put in the order of the probabilities, and so are none."""
    order = np.lexsort((probabilities, logits))
    return float(np.sum(np.diff(np.take_along_axis(probabilities, order, axis=-1), axis=-1) < 0))


# The target itself is left out: its slope is the probability less 1, which rounds the small ones to 6e-8.
FALSIFIER = one_law(
    __doc__, cases((3,), (64,), (5000,), scale=(1e-3, 30), places=5000), reading, name=__name__, unit="1"
)
