"""Random strings that were planted in the train split cost a trained model less than others that were not.

Hunts for: a run whose held-out text is trained on as well, so that no comparison of the two can tell.
Why it matters: a detector of leaks that is silent proves nothing until it has been heard once.
How it looks: planted strings and others at the same loss, both low or both high.
If it strikes, suspect: a loader that reads another split than it says, then a run too short to learn anything by heart.
Blind spots: leaks of text that is not random, whose loss falls without them.
Sources: Carlini et al. 2019, arXiv:1802.08232, on canaries; Good 2005, "Permutation, Parametric and Bootstrap Tests".
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from falsifiers.kernels.command import CPU, corpus, scored, trained
from falsifiers.law import one_law
from falsifiers.oracles.decoder import Floats
from falsifiers.program import VOCABULARY, model_of, shards, workshop

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FEWEST = 5
"""A case is a training and an evaluation of two seconds each."""
STRINGS, LENGTH, COPIES = 32, 32, 4
DRAWS = 4000
STRANGE = 1e-3
"""A p-value among the strings that were not planted which speaks against the test itself."""
TRAINING = ("--num-steps", "30", "--batch-size", "8", "--learning-rate", "0.03", "--warmup-steps", "5")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Seed of the strings and of the run."""

    seed: int


def cases(_subject: None) -> SearchStrategy[Case]:
    """Any seed."""
    from hypothesis import strategies as st

    return st.builds(Case, seed=st.integers(0, 2**16))


def reading(_subject: None, case: Case) -> float:
    """The p-value of planted against other strings; 1 where the others differ among themselves."""
    rng = np.random.default_rng(case.seed)
    end = int(json.loads((shards() / "manifest.json").read_text(encoding="utf-8"))["eos_id"])
    ids = rng.integers(end + 1, VOCABULARY, (2 * STRINGS, LENGTH))
    strings = [[end, *row, end] for row in ids.tolist()]
    order = rng.permutation(np.repeat(np.arange(STRINGS), COPIES))
    dataset = corpus("canaries", train=[strings[one] for one in order], val_a=strings)
    how = ("--init", model_of(VOCABULARY), "--seed", str(case.seed), *TRAINING, *CPU)
    run = trained(*how, dataset=dataset, run=workshop() / "canaries-run", length=LENGTH + 1)
    losses = np.array(scored(run, dataset, LENGTH + 1))
    planted, others = losses[:STRINGS], losses[STRINGS:]
    among = _p_value(others[::2], others[1::2], rng, two_sided=True)
    return 1.0 if among < STRANGE else _p_value(planted, others, rng, two_sided=False)


def _p_value(low: Floats, high: Floats, rng: np.random.Generator, *, two_sided: bool) -> float:
    """How often a random division into two groups is as far apart as this one, high above low or either way."""
    pooled, many = np.concatenate([low, high]), len(low)
    drawn = rng.permuted(np.tile(pooled, (DRAWS, 1)), axis=1)
    found, gaps = high.mean() - low.mean(), drawn[:, many:].mean(axis=1) - drawn[:, :many].mean(axis=1)
    as_far = np.abs(gaps) >= abs(found) if two_sided else gaps >= found
    return float((1 + as_far.sum()) / (1 + DRAWS))


FALSIFIER = one_law(__doc__, cases, reading, name=__name__, unit="ratio", tolerance=0.01, fewest=FEWEST)
