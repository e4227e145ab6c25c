"""What is masked neither costs nor counts, and a loss over nothing is no loss.

Hunts for: a mask of the wrong polarity, a denominator that counts padding, a batch without targets that costs 0.0.
Why it matters: a loss over other targets than the declared ones is another quantity under the same name, and 0.0 is
the best one of all.
How it looks: losses that depend on the length of the padding; an epoch with a loss of exactly 0.
If it strikes, suspect: 1 - mask for mask, the size of the batch for the sum of weights, a maximum with 1 in the
denominator.
Blind spots: weights other than 0 and 1; a mask that is wrong before it gets here.
Sources: SkyworkAI/Skywork issue 55 (polarity); huggingface/trl issue 6668 (nothing supervised, loss 0.0).
"""

from __future__ import annotations

import numpy as np

from falsifiers.kernels.draw import Case, cases
from falsifiers.kernels.trainer import find, gradient, model, parameters
from falsifiers.law import one_law

ROWS, LENGTH, CHUNK = 3, 12, 16


def reading(_subject: None, case: Case) -> float:
    """Change of a mean under edits of masked targets, or a miscount; 1 if an unmasked edit, or no target, passes.

    First the evaluator's mean, then the training step's over the same targets.
    """
    config = model()
    rng = np.random.default_rng(case.seed)
    inputs, targets, others = rng.integers(0, config.vocab_size, (3, ROWS, LENGTH)).astype(np.int32)
    weights = (rng.random((ROWS, LENGTH)) < case.scale).astype(np.float32)
    weights[0, 0], weights[0, 1] = 1, 0
    others = np.where(others == targets, (others + 1) % config.vocab_size, others).astype(np.int32)
    params = parameters(config, case)

    def mean(chosen: np.ndarray) -> float:
        sums, counts = find("evaluate.window_sums")(params, config, inputs, chosen, weights)
        if not np.array_equal(counts, weights.sum(axis=1)):
            return float("inf")
        return float(find("evaluate.mean_loss")(list(zip(sums, counts, strict=True))))

    unmasked = targets.copy()
    unmasked[0, 0] = others[0, 0]
    hidden, head = case.normal(ROWS * LENGTH, 8, scale=1.0), case.normal(config.vocab_size, 8, scale=1.0, stream=1)

    def trained(chosen: np.ndarray) -> float:
        loss, _ = gradient("loss.cross_entropy", (0, 1), 5)(
            hidden, head, chosen.ravel(), weights.ravel(), weights.sum(), CHUNK
        )
        return float(loss)

    readings = []
    for path in (mean, trained):
        before, edited, moved = (path(chosen) for chosen in (targets, np.where(weights, targets, others), unmasked))
        readings.append(abs(edited - before) if abs(moved - before) > 0 else 1.0)
    return max(readings) if refuses_nothing() else 1.0


def refuses_nothing() -> bool:
    """Whether the mean over no target at all is an error."""
    try:
        find("evaluate.mean_loss")([(0.0, 0)])
    except (ArithmeticError, ValueError):
        return True
    return False


# A weight of 0 makes an exact zero of any finite loss.
FALSIFIER = one_law(__doc__, cases((ROWS, LENGTH), scale=(0.1, 0.9)), reading, name=__name__, unit="nats/token")
