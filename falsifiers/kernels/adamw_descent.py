"""A small step of a training lowers the loss of its own batch by what the gradient promised.

Hunts for: a step uphill, a step that is not taken, a gradient of another scale than the loss.
Why it matters: noise hides all three in a curve over many batches; on one batch they are certain.
How it looks: a curve that rises, stays, or falls at a rate that no learning rate explains.
If it strikes, suspect: a sign, parameters that are returned as they were, a loss scaled after its gradient was taken.
Blind spots: a gradient that is stopped in one branch; the rest of the step still goes downhill as promised.
Sources: Baydin et al. 2018, JMLR 18(153), on directional derivatives; trainproof's rule lr_zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from falsifiers.kernels.command import corpus, ours, shape, trained
from falsifiers.law import one_law
from falsifiers.loop.record import losses
from falsifiers.oracles.checkpoint import read_arrays
from falsifiers.oracles.decoder import token_nats
from falsifiers.program import VOCABULARY, weights, workshop, write_model

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FEWEST = 5
"""A case is a training of a few seconds."""
LENGTH = 16
STEPS = ("--num-steps", "2", "--learning-rate", "1e-5", "--warmup-steps", "0", "--weight-decay", "0")
OFTEN = ("--checkpoint-every", "1", "--batch-size", "1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Seed of the weights and of the one window."""

    seed: int


def cases(_subject: None) -> SearchStrategy[Case]:
    """Any."""
    from hypothesis import strategies as st

    return st.builds(Case, seed=st.integers(0, 9))


def reading(_subject: None, case: Case) -> float:
    """Distance of the recorded drop from the slope of the float64 loss along the step, in shares of that slope's size.

    The corpus is one window, so that both steps have the same batch.
    """
    window = np.random.default_rng(case.seed).integers(0, VOCABULARY, LENGTH + 1)
    tensors = weights(case.seed)
    init, text = write_model(workshop() / "descent", tensors), corpus("one-window", train=[window.tolist()])
    run = trained("--init", init, *STEPS, *OFTEN, dataset=text, run=workshop() / "descent-run", length=LENGTH)
    before, after = ours(tensors), read_arrays(run / "checkpoint", 1)
    step = {name: after[name].astype(np.float64) - array for name, array in before.items()}

    def loss(share: float) -> float:
        moved = {name: array + share * step[name] for name, array in before.items()}
        return float(token_nats(moved, shape(), window[None, :-1], window[None, 1:]).mean())

    first, second = losses(run)
    with np.errstate(invalid="ignore", divide="ignore"):
        return float(abs((first - second) / np.float64(abs(loss(-0.5) - loss(0.5))) - 1))


# The second order of a step of 1e-5 is some per cent of the first; a float32 loss of 6 is rounded by 4.8e-7.
FALSIFIER = one_law(__doc__, cases, reading, name=__name__, unit="ratio", tolerance=0.2, fewest=FEWEST)
