"""The one matrix learns from both of its uses: its gradient is the sum of the lookup's and the head's.

Hunts for: a gradient that is stopped at the lookup or at the head.
Why it matters: a matrix that learns from one use is pulled by half of its task, and the loss still falls.
How it looks: rows of tokens that are never predicted, or never read, stay where they were.
If it strikes, suspect: a hand-written backward pass without the head, a copy made for the head, a stopped gradient.
Blind spots: a factor that both parts share.
Sources: Press and Wolf 2016, arXiv:1608.05859, section 3.
"""

from __future__ import annotations

import numpy as np

from falsifiers.kernels.draw import Case, cases
from falsifiers.kernels.optimizer import PLAIN, slopes
from falsifiers.kernels.trainer import model, parameters
from falsifiers.law import one_law


def reading(_subject: None, case: Case) -> float:
    """Largest deviation from the sum of both parts, in shares of the largest entry; 1 where a part is zero."""
    [size] = case.shape
    tied = model(vocab_size=size, hidden_size=size)
    params = parameters(tied, case)
    window = np.random.default_rng(case.seed).integers(0, size, (2, 13)).astype(np.int32)
    apart = params | {"head": params["embed"].copy()}
    whole = slopes(params, tied, PLAIN, window)
    parts = slopes(apart, model(vocab_size=size, hidden_size=size, tie_word_embeddings=False), PLAIN, window)
    both = [np.asarray(parts[name], np.float64) for name in ("embed", "head")]
    if not all(np.any(part) for part in both):
        return 1.0
    return float(np.max(np.abs(whole["embed"] - sum(both))) / np.max(np.abs(sum(both))))


# Two float32 sums of the same terms.
FALSIFIER = one_law(__doc__, cases((16,), (48,)), reading, name=__name__, unit="ratio", tolerance=1e-5)
