"""Documents that are packed into one sequence do not see each other.

Hunts for: segment ids that do not reach attention.
Why it matters: what stood before in a window is another document by chance; who looks at it learns the packing.
How it looks: losses that depend on how documents were put together.
If it strikes, suspect: a fused kernel that takes no mask, ids that are shifted by one, a mask for the padding only.
Blind spots: the targets at the borders, which are the batch's business.
Sources: profam issue 495 and trl issue 784, packing without a document mask; Krell et al. 2021, arXiv:2107.02027.
"""

from __future__ import annotations

import numpy as np

from falsifiers.kernels.draw import Case, cases
from falsifiers.kernels.trainer import call, find, model, parameters
from falsifiers.law import one_law

LENGTH = 16
VISIBLE = 1e-3


def reading(_subject: None, case: Case) -> float:
    """Largest change in the second document when the first is edited; 1 if without segments nothing changes."""
    config = model()
    border = 1 + case.at % (LENGTH - 1)
    ids = np.random.default_rng(case.seed).integers(0, config.vocab_size - 1, (1, LENGTH)).astype(np.int32)
    edited = ids + (np.arange(LENGTH) < border).astype(np.int32)
    segments = (np.arange(LENGTH) >= border).astype(np.int32)[None]
    params = parameters(config, case)

    def change(given: np.ndarray | None) -> float:
        found = (
            call("model.forward", params, config, x, np.float32, find("model.untapped"), given, static=(1, 3, 4))
            for x in (ids, edited)
        )
        before, after = (hidden[:, border:] @ params["embed"].T for hidden in found)
        return float(np.max(np.abs(after - before)))

    return change(segments) if change(None) > VISIBLE else 1.0


# A key of another document has the weight 0, and its positions do not count.
FALSIFIER = one_law(__doc__, cases((LENGTH,), places=LENGTH - 1), reading, name=__name__, unit="1", tolerance=1e-6)
