"""Loss and gradients do not depend on how many tokens are worked on at a time.

Hunts for: padding that counts, means of means, sums that forget what came before.
Why it matters: the chunk is chosen for memory; a loss that depends on it differs between two machines.
How it looks: a loss that moves when the batch is made larger by one.
If it strikes, suspect: the last chunk and its padding, a mean within a chunk, the dtype in which chunks are summed.
Blind spots: faults that all chunk sizes share.
Sources: Wijmans et al. 2024, arXiv:2411.09009, on a loss whose logits are never held at once.
"""

from __future__ import annotations

import numpy as np

from falsifiers.kernels.draw import Case, cases
from falsifiers.kernels.trainer import gradient
from falsifiers.law import one_law
from falsifiers.oracles.decoder import Floats

TOKENS, WIDTH, VOCABULARY = 24, 16, 300


def reading(_subject: None, case: Case) -> float:
    """Largest deviation from one chunk of all tokens, in shares of the largest entry of loss or gradient."""
    hidden, head = case.normal(TOKENS, WIDTH), case.normal(VOCABULARY, WIDTH, stream=1)
    targets = np.random.default_rng(case.seed).integers(0, VOCABULARY, TOKENS).astype(np.int32)

    def parts(chunk: int) -> list[Floats]:
        loss, slopes = gradient("loss.mean_cross_entropy", (0, 1), 3)(hidden, head, targets, chunk)
        return [np.asarray(part).astype(np.float64) for part in (loss, *slopes)]

    pairs = zip(parts(case.shape[0]), parts(TOKENS), strict=True)
    return float(np.max([np.max(np.abs(some - whole)) / np.max(np.abs(whole)) for some, whole in pairs]))


# Sums of 24 float32 terms in another order; a bfloat16 total is off by up to 4e-3.
FALSIFIER = one_law(
    __doc__,
    cases((1,), (5,), (7,), (16,), (23,), scale=(0.1, 1.5)),
    reading,
    name=__name__,
    unit="ratio",
    tolerance=1e-5,
)
