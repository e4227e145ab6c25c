"""A common shift of all logits changes no loss.

Hunts for: a log-sum-exp that overflows, and terms that look at the logits' size.
Why it matters: a penalty on the normaliser may be wanted in training; in a reported loss it is another quantity.
How it looks: two losses of the same weights that differ by a small amount which grows with the logits.
If it strikes, suspect: a z-loss that is part of what is reported, exponentials before the maximum is subtracted.
Blind spots: shifts above 512.
Sources: Blanchard, Higham and Higham 2021, IMA J. Numer. Anal. 41(4); PaLM's z-loss, arXiv:2204.02311, section 5.
"""

from __future__ import annotations

import numpy as np

from falsifiers.kernels.draw import Case, cases
from falsifiers.kernels.readout import losses
from falsifiers.law import one_law

TOKENS, CHUNK, LARGEST = 4, 3, 512


def reading(_subject: None, case: Case) -> float:
    """Largest change of a token's nats, and of the mean, when every logit is shifted by `at` less 512."""
    [vocabulary] = case.shape
    rows = case.normal(TOKENS, vocabulary)
    targets = np.random.default_rng(case.seed).integers(0, vocabulary, TOKENS)
    hidden, head = np.eye(TOKENS, dtype=np.float32), np.ascontiguousarray(rows.T)
    shifted = losses(hidden, head + np.float32(case.at - LARGEST), targets, CHUNK)
    return float(np.max(np.abs(shifted - losses(hidden, head, targets, CHUNK))))


# Logits and their log-sum-exp are each rounded by 3e-5 at a shift of 512.
FALSIFIER = one_law(
    __doc__,
    cases((2,), (300,), (5000,), scale=(0.1, 8), places=2 * LARGEST + 1),
    reading,
    name=__name__,
    unit="nats/token",
    tolerance=1e-4,
)
