"""A training decays matrices and spares norms and biases.

Hunts for: a parameter that fell through the rule which names what is spared, or one that is spared by chance.
Why it matters: a decayed norm pulls every activation of its layer towards 0, at a rate that nobody chose.
How it looks: norms that shrink over a long run, all alike.
If it strikes, suspect: a new parameter's name, a rule by suffix, a mask over another tree than the parameters'.
Blind spots: parameters that this family has not got.
Sources: Loshchilov and Hutter 2017, arXiv:1711.05101; karpathy/nanoGPT decays parameters of two dimensions or more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from falsifiers.kernels.command import ours, trained
from falsifiers.law import one_law
from falsifiers.oracles.checkpoint import read_arrays
from falsifiers.program import shards, weights, workshop, write_model

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FEWEST = 5
"""A case is a training of a few seconds."""
RATE = 1e-7
NEAR = 1e-5


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Seed of the weights, and the share of itself that the step takes from a decayed parameter."""

    seed: int
    share: float


def cases(_subject: None) -> SearchStrategy[Case]:
    """A tenth, a quarter, a half."""
    from hypothesis import strategies as st

    return st.builds(Case, seed=st.integers(0, 2), share=st.sampled_from([0.1, 0.25, 0.5]))


def reading(_subject: None, case: Case) -> float:
    """Tensors that a step does not leave where it should: matrices less their share, all others where they were.

    The rate is so small, and the decay so strong, that the gradients move nothing by more than 1e-7.
    """
    tensors = weights(case.seed)
    init = write_model(workshop() / "decayed", tensors)
    decay = ("--learning-rate", str(RATE), "--warmup-steps", "0", "--weight-decay", str(case.share / RATE))
    run = trained("--init", init, *decay, dataset=shards(), run=workshop() / "decayed-run", length=16)
    found, before = read_arrays(run / "checkpoint"), ours(tensors)
    wanted = {name: array * (1 - case.share * (array.ndim > 1)) for name, array in before.items()}
    return float(sum(not np.allclose(found[name], array, rtol=0, atol=NEAR) for name, array in wanted.items()))


FALSIFIER = one_law(__doc__, cases, reading, name=__name__, unit="tensors", fewest=FEWEST)
