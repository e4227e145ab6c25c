"""Ten steps follow the recursion, in the parameters and in both moments.

Hunts for: gradients that are carried over, moments that are not corrected, a clip by another norm.
Why it matters: these lines have no error of their own; a wrong optimizer trains.
How it looks: a run that needs another learning rate than published.
If it strikes, suspect: whichever of parameter, first and second moment differs first, and at which step.
Blind spots: a learning rate that changes; that is the schedule's.
Sources: Loshchilov and Hutter 2017, arXiv:1711.05101, algorithm 2.
"""

from __future__ import annotations

import numpy as np

from falsifiers.kernels.draw import Case, cases
from falsifiers.kernels.optimizer import moments, settings, update
from falsifiers.law import one_law
from falsifiers.oracles.adamw import adamw

STEPS = 10
SHAPES = {"layers.0.wq": (8, 6), "layers.0.bq": (6,), "norm": (8,), "embed": (12, 8)}
DECAYED = ("layers.0.wq", "embed")


def reading(_subject: None, case: Case) -> float:
    """Largest deviation, in shares of an array's largest entry; `scale` is the gradients'."""
    [betas] = case.shape
    asked = settings(betas, learning_rate=0.01, weight_decay=0.1, clip_norm=1.0)
    params = {name: case.normal(*shape, scale=1.0, stream=n) for n, (name, shape) in enumerate(SHAPES.items())}
    slopes = [
        {name: case.normal(*shape, stream=1000 * step + n) for n, (name, shape) in enumerate(SHAPES.items())}
        for step in range(1, STEPS + 1)
    ]
    start, apply = update(asked)
    found, state = params, start(params)
    for one in slopes:
        found, state = apply(one, state, found)
    reached = adamw(asked, params, slopes, DECAYED)
    pairs = zip((found, *moments(state)), (reached.parameters, reached.first, reached.second), strict=True)
    return float(
        np.max([np.max(np.abs(some[n] - right[n])) / np.max(np.abs(right[n])) for some, right in pairs for n in SHAPES])
    )


# Ten steps of about ten roundings of 6e-8 each.
FALSIFIER = one_law(
    __doc__, cases((0,), (1,), (2,), scale=(1e-3, 10)), reading, name=__name__, unit="ratio", tolerance=1e-5
)
