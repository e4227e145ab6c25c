"""Where all logits are equal the loss is ln V.

Hunts for: another unit, another denominator, a further term in the loss.
Why it matters: a loss in bits was read as nats, and 17.21 looked like a model that knew nothing about a vocabulary it
had not got.
How it looks: a first loss that is 1.44 or 0.43 times the expected one, or off by a constant.
If it strikes, suspect: a logarithm to base 2 or 10, a mean over padding, a penalty on the logits' size.
Blind spots: smoothed targets, which cost ln V here as well.
Sources: Shannon 1948, section 6: the entropy of equal chances; paiml/aprender pull request 1600.
"""

from __future__ import annotations

import numpy as np

from falsifiers.kernels.draw import Case, cases
from falsifiers.kernels.readout import losses
from falsifiers.law import one_law

TOKENS, CHUNK = 3, 2


def reading(_subject: None, case: Case) -> float:
    """Largest distance from ln V, of the mean and of each token's nats; `scale` is the level of the logits."""
    [vocabulary] = case.shape
    hidden = np.full((TOKENS, 1), case.scale, np.float32)
    head = np.full((vocabulary, 1), -1 if case.seed % 2 else 1, np.float32)
    targets = np.asarray([case.at % vocabulary, 0, vocabulary - 1])
    return float(np.max(np.abs(losses(hidden, head, targets, CHUNK) - np.log(vocabulary))))


# A log-sum-exp below 64 is rounded by 1.9e-6. Three tokens in chunks of two leave one place of padding.
FALSIFIER = one_law(
    __doc__,
    cases((2,), (257,), (50257,), (151936,), scale=(1e-3, 32), places=151936),
    reading,
    name=__name__,
    unit="nats/token",
    tolerance=1e-5,
)
