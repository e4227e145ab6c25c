"""A batch that is repeated for 200 steps is learned by heart.

Hunts for: a loop whose updates do not reduce its loss.
Why it matters: a pipeline that cannot learn one batch cannot learn anything, and its failures say nothing.
How it looks: a loss that stays near the entropy of the batch, or rises.
If it strikes, suspect: a rate of zero, an update that is computed and not applied, a sign, a gradient that is stopped
on its way.
Blind spots: a part of the model that is frozen where the rest is enough.
Sources: Karpathy 2019, "A recipe for training neural networks"; paiml/aprender pull request 1070.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from falsifiers.kernels.command import corpus
from falsifiers.law import one_law
from falsifiers.loop.record import finished, losses
from falsifiers.program import CONFIG, pretrain, workshop

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FEWEST = 5
"""A case is a training of several seconds."""
END = 1
LENGTH = 32
STEPS = ("--num-steps", "200", "--batch-size", "1", "--seq-length", str(LENGTH), "--learning-rate", "0.01")
WIDE = {**CONFIG, "hidden_size": 64, "intermediate_size": 128}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Seed of the tokens."""

    seed: int


def cases(_subject: None) -> SearchStrategy[Case]:
    """Any tokens."""
    from hypothesis import strategies as st

    return st.builds(Case, seed=st.integers(0, 99))


def reading(_subject: None, case: Case) -> float:
    """The last loss as a share of the entropy of the batch's targets: one document, which makes one window."""
    ids = np.random.default_rng(case.seed).integers(10, 60, LENGTH - 1)
    folder, run = corpus("one-batch", train=[[END, *ids.tolist(), END]]), workshop() / "one-batch-run"
    shape = workshop() / "wide.json"
    shape.write_text(json.dumps(WIDE), encoding="utf-8")
    finished(pretrain("--shape", shape, *STEPS, shards=folder, run=run))
    counts = np.append(np.unique(ids, return_counts=True)[1], 1)
    shares = counts / LENGTH
    return losses(run)[-1] / -float(shares @ np.log(shares))


FALSIFIER = one_law(__doc__, cases, reading, name=__name__, unit="ratio", tolerance=0.05, fewest=FEWEST)
