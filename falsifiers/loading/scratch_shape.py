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

OTHER = {"rope_theta": 5e5, "rms_norm_eps": 1e-5, "tie_word_embeddings": False, "max_position_embeddings": 48}
"""Fields of the second shape, where they are not the smallest model's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Seed of the run, and which of two shapes."""

    seed: int
    tied: bool


def cases(_subject: None) -> SearchStrategy[Case]:
    """Both shapes with any seed."""
    from hypothesis import strategies as st

    return st.builds(Case, seed=st.integers(0, 99), tied=st.booleans())


def reading(_subject: None, case: Case) -> float:
    """Fields of the run that differ from those asked for, and 1 where the two first losses differ in a bit."""
    config = CONFIG if case.tied else {**CONFIG, **OTHER}
    run, init = drawn(config, case.seed)
    model = json.loads((run / "config.json").read_text(encoding="utf-8"))["model"]
    wrong = sum(model[ours] != config[name] for name, ours in FIELDS.items())
    seeded = ("--init", init, "--seed", str(case.seed), *STILL, *CPU)
    again = trained(*seeded, dataset=shards(), run=workshop() / "from-drawn", length=16)
    return float(wrong + (losses(run) != losses(again)))


FALSIFIER = one_law(__doc__, cases, reading, name=__name__, fewest=FEWEST)
