"""A small step lowers the loss of its own batch by what the gradient promised.

Hunts for: a step uphill, a step that is not taken, a gradient of another scale than the loss.
Why it matters: noise hides all three in a curve over many batches; on one batch they are certain.
How it looks: a curve that rises, stays, or falls at a rate that no learning rate explains.
If it strikes, suspect: a sign, parameters that are returned as they were, a loss scaled after its gradient was taken.
Blind spots: a gradient that is stopped in one branch; the rest of the step still goes downhill as promised.
Sources: Baydin et al. 2018, JMLR 18(153), on directional derivatives; trainproof's rule lr_zero.
"""

from __future__ import annotations

import numpy as np

from falsifiers.kernels.draw import Case, cases
from falsifiers.kernels.optimizer import settings, slopes, step, train_config
from falsifiers.kernels.trainer import find, model, parameters
from falsifiers.law import one_law

RATE = 1e-5


def reading(_subject: None, case: Case) -> float:
    """Distance of the drop from the promised one, in shares of it; the loss is read twice, before each of two steps."""
    config, asked = model(vocab_size=64), settings(0, learning_rate=RATE)
    params = parameters(config, case)
    batch = {"window": np.random.default_rng(case.seed).integers(0, config.vocab_size, (2, 9)).astype(np.int32)}
    gradients = slopes(params, config, asked, batch["window"])
    take = step(config, asked)
    state, before = take(find("step.initial_state")(dict(params), train_config(asked)), batch)
    moved = {name: np.asarray(state["params"][name], np.float64) - array for name, array in params.items()}
    promised = -sum(np.sum(np.asarray(gradients[name]) * move) for name, move in moved.items())
    _, after = take(state, batch)
    with np.errstate(invalid="ignore", divide="ignore"):
        return float(abs((float(before["loss"]) - float(after["loss"])) / np.float64(promised) - 1))


# The second order of a step of 1e-5 is some per cent of the first; a float32 loss of 4 is rounded by 2.4e-7.
FALSIFIER = one_law(__doc__, cases((1,)), reading, name=__name__, unit="ratio", tolerance=0.2)
