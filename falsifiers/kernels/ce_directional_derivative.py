"""Along any direction the loss rises as its gradient says.

Hunts for: a gradient that is not the loss's: another sign, another scale, a part that is missing.
Why it matters: training goes on under a wrong gradient, to a worse end, and each of its numbers looks usual.
How it looks: a loss that falls more slowly than the reference's, or not below some level.
If it strikes, suspect: the hand-written backward pass, a cotangent that is dropped, a gradient stopped on the way.
Blind spots: what float32 and bfloat16 do to it; this is float64.
Sources: Baydin et al. 2018, JMLR 18(153), section 2.1: central differences.
"""

from __future__ import annotations

import numpy as np

from falsifiers.kernels.draw import Case, cases
from falsifiers.kernels.trainer import call, gradient
from falsifiers.law import one_law

STEP = 1e-5
WEIGHT = 3.0
"""Factor on the loss, so that a cotangent which is ignored shows."""


def reading(_subject: None, case: Case) -> float:
    """Distance of a central difference from the product of gradient and direction, both passes in float64."""
    import jax

    tokens, width, vocabulary, chunk = case.shape
    hidden, head, toward, away = (
        case.normal(*shape, stream=stream).astype(np.float64)
        for stream, shape in enumerate([(tokens, width), (vocabulary, width)] * 2)
    )
    targets = np.random.default_rng(case.seed).integers(0, vocabulary, tokens).astype(np.int32)
    size = np.sqrt(np.sum(toward**2) + np.sum(away**2))
    toward, away = toward / size, away / size
    with jax.enable_x64(True):
        _, (at_hidden, at_head) = gradient("loss.mean_cross_entropy", (0, 1), 3)(hidden, head, targets, chunk)
        above, below = (
            call("loss.mean_cross_entropy", hidden + e * toward, head + e * away, targets, chunk, static=(3,))
            for e in (STEP, -STEP)
        )
    promised = np.sum(np.asarray(at_hidden) * toward) + np.sum(np.asarray(at_head) * away)
    return float(abs((above - below) / (2 * STEP) - promised))


# The third derivative times the step squared is 1e-10 here, and rounding over the step 1e-10.
FALSIFIER = one_law(
    __doc__,
    cases((6, 8, 50, 4), (5, 4, 7, 5), (8, 16, 300, 3), scale=(0.1, 1.5)),
    reading,
    name=__name__,
    tolerance=1e-7,
    unit="1",
)
