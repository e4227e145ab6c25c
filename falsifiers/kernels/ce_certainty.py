"""A certain hit is free and a certain miss costs the gap, for every id of the vocabulary.

Hunts for: ids that cost nothing, and hits that do.
Why it matters: a free id is a hole through which a loss falls: whoever predicts it is never wrong.
How it looks: a loss that is lower by the frequency of one token, often the end of text.
If it strikes, suspect: an ignored class that is a real id, a one-hot shorter than the vocabulary, label smoothing.
Blind spots: ids beyond the vocabulary, which this law does not ask for.
Sources: the loss of jax.nn.one_hot at an id beyond its range is 0; Plachtaa/VALL-E-X, an end of text that was ignored.
"""

from __future__ import annotations

import numpy as np

from falsifiers.kernels.draw import Case, cases
from falsifiers.kernels.readout import losses
from falsifiers.law import one_law

GAP, CHUNK = 50, 64


def reading(_subject: None, case: Case) -> float:
    """Largest distance of a miss from the gap, or a thousand times a hit's cost; `scale` is the logits' level."""
    [vocabulary] = case.shape
    hidden = np.eye(vocabulary, dtype=np.float32)
    head = GAP * hidden + np.float32(case.scale)
    ids = np.arange(vocabulary)
    other = (ids + 1 + case.at % (vocabulary - 1)) % vocabulary
    hits, misses = (losses(hidden, head, targets, CHUNK) for targets in (ids, other))
    return float(max(1e3 * np.max(np.abs(hits)), np.max(np.abs(misses - GAP))))


# With a gap of 50 all other ids together add 1e-17 of a nat; logits of about 60 are rounded by 1.9e-6.
FALSIFIER = one_law(
    __doc__,
    cases((2,), (33,), (300,), scale=(1e-3, 10), places=300),
    reading,
    name=__name__,
    unit="nats/token",
    tolerance=1e-3,
)
