"""What a command scores at a place depends on nothing after it: the shares of all possible next tokens add up to 1.

Hunts for: a mask that is absent, or shifted by one.
Why it matters: a model that sees its target has a loss near 0 and writes nonsense.
How it looks: a validation loss that is too good, and text that does not follow.
If it strikes, suspect: a flag of the kernel, a mask over the other axis, a mask counted from the end.
Blind spots: the gradients; a leak that changes no loss; cached decoding, which this trainer has not got.
Sources: Vaswani et al. 2017, arXiv:1706.03762, section 3.2.3.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from falsifiers.kernels.command import STILL, corpus, ours, reported, shape, trained
from falsifiers.law import one_law
from falsifiers.loop.record import losses
from falsifiers.oracles.decoder import token_nats
from falsifiers.program import VOCABULARY, weights, workshop, write_model

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FEWEST = 5
"""A case is a training of a few seconds."""
LENGTH = 32
SAME = 1e-5


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Seed of the ids, and how many of them stand before the place that is looked at."""

    seed: int
    before: int


def cases(_subject: None) -> SearchStrategy[Case]:
    """Near the first place, near the last, and between; a document of one target is a filler."""
    from hypothesis import strategies as st

    return st.builds(Case, seed=st.integers(0, 3), before=st.sampled_from([2, 3, 9, 17, 29]))


def reading(_subject: None, case: Case) -> float:
    """Distance from 0 of the logarithm of the sum of all shares, by the evaluator; 1 where the step errs.

    One more id changes what stands after a place; were it seen there, the loss up to it would change as well. The step
    is judged by the float64 loss of its window.
    """
    rng = np.random.default_rng(case.seed)
    stem = rng.integers(0, VOCABULARY, case.before + 1).tolist()
    window = rng.integers(0, VOCABULARY, LENGTH + 1)
    tensors = weights(case.seed)
    text = corpus("tails", train=[window.tolist()], val_a=[stem, *([*stem, one] for one in range(VOCABULARY))])
    init, scored = write_model(workshop() / "causal-model", tensors), ("--eval-documents", "10000")
    options = ("--init", init, "--batch-size", "1", *scored, *STILL)
    run = trained(*options, dataset=text, run=workshop() / "causal-run", length=LENGTH)
    costs = [row["loss"] * row["tokens"] for row in reported(run)["per_document"] if row["tokens"] > 1]
    step = token_nats(ours(tensors), shape(), window[None, :-1], window[None, 1:]).mean()
    shares = abs(np.logaddexp.reduce(costs[0] - np.array(costs[1:])))
    return float(shares if abs(losses(run)[0] / step - 1) <= SAME else max(1.0, shares))


# A loss is rounded by 4.8e-7, but not to one side over all ids; what stands before the place is computed alike.
FALSIFIER = one_law(__doc__, cases, reading, name=__name__, unit="1", tolerance=1e-6, fewest=FEWEST)
