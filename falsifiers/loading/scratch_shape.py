"""Without an init the model is the one that was asked for, and starts as an init of the same weights does.

Hunts for: a constant of one family that the path without an init keeps, or a weight that the path with one moves.
Why it matters: two paths that should differ in where the weights come from differ in what the model is.
How it looks: a first loss from scratch that no init can give.
If it strikes, suspect: a default of the shape that only one path reads, a name that the loader takes for another.
Blind spots: whether the weights are drawn from the right distribution; models of more layers.
Sources: public pull requests 1472 to 1494 of paiml/aprender, 2026: constants that were hard-coded.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from falsifiers.kernels.command import CPU, STILL, trained
from falsifiers.law import one_law
from falsifiers.loading.drawn import drawn
from falsifiers.loading.ten_fields import FIELDS
from falsifiers.loop.record import losses
from falsifiers.program import CONFIG, shards, workshop

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FEWEST = 5
"""A case is two trainings of two seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Seed of the run, and the fields that differ from those of the smallest model."""

    seed: int
    theta: float
    eps: float
    tied: bool


def cases(_subject: None) -> SearchStrategy[Case]:
    """Angles, epsilons and ties of the published families."""
    from hypothesis import strategies as st

    theta, eps = st.sampled_from([1e4, 5e5, 1e6]), st.sampled_from([1e-5, 1e-6])
    return st.builds(Case, seed=st.integers(0, 9), theta=theta, eps=eps, tied=st.booleans())


def reading(_subject: None, case: Case) -> float:
    """Fields of the run that differ from those asked for, and 1 where the two first losses differ in a bit."""
    config = {**CONFIG, "rope_theta": case.theta, "rms_norm_eps": case.eps, "tie_word_embeddings": case.tied}
    run, init = drawn(config, case.seed)
    model = json.loads((run / "config.json").read_text(encoding="utf-8"))["model"]
    wrong = sum(model[ours] != config[name] for name, ours in FIELDS.items())
    seeded = ("--init", init, "--seed", str(case.seed), *STILL, *CPU)
    again = trained(*seeded, dataset=shards(), run=workshop() / "from-drawn", length=16)
    return float(wrong + (losses(run) != losses(again)))


FALSIFIER = one_law(__doc__, cases, reading, name=__name__, fewest=FEWEST)
