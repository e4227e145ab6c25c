"""A model is scored with the head that its config.json says, and one that does not say is refused.

Hunts for: a tie that is a constant or a default.
Why it matters: an untied model that is scored with its embedding, or a tied one with a head drawn at random, is noise.
How it looks: a loss near ln V from weights that are sound.
If it strikes, suspect: a default of a data class, a family that is taken to tie, a head that is filled at random.
Blind spots: families beyond this one.
Sources: paiml/aprender pull requests 1474 and 1578; the Qwen2.5 technical report, arXiv:2412.15115: 7B does not tie.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from falsifiers.kernels.command import CPU, corpus, ours, scored, shape
from falsifiers.law import one_law
from falsifiers.oracles.decoder import token_nats
from falsifiers.program import CONFIG, VOCABULARY, aprtrain, refused, weights, workshop, write_model

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FEWEST = 6
"""Every case, each a process of two seconds."""
TARGETS = 12
SAME = 1e-4
FIELD = "tie_word_embeddings"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Seed of the weights, whether they have a head, and whether config.json says so."""

    seed: int
    tied: bool
    said: bool


def cases(_subject: None) -> SearchStrategy[Case]:
    """Two of each kind that says so, one of each that does not."""
    from hypothesis import strategies as st

    every = [(0, True, True), (1, False, True), (2, True, True), (3, False, True), (4, True, False), (5, False, False)]
    return st.sampled_from([Case(seed=seed, tied=tied, said=said) for seed, tied, said in every])


def reading(_subject: None, case: Case) -> float:
    """1 where the score is not that of the float64 model; or how many promises of a refusal are broken."""
    config = {**CONFIG, FIELD: case.tied}
    tensors = weights(case.seed, config)
    given = {name: value for name, value in config.items() if case.said or name != FIELD}
    model = write_model(workshop() / f"tie-{case.seed}", tensors, given)
    ids = np.random.default_rng(case.seed).integers(0, VOCABULARY, TARGETS + 1)
    text = corpus("tie", val_a=[ids.tolist()])
    if not case.said:
        return float(refused(aprtrain("eval", model, "--dataset", text, *CPU, cwd=workshop()), FIELD))
    wanted = token_nats(ours(tensors), shape(config), ids[None, :-1], ids[None, 1:]).sum()
    return float(not abs(scored(model, text, TARGETS)[0] / wanted - 1) <= SAME)


FALSIFIER = one_law(__doc__, cases, reading, name=__name__, fewest=FEWEST)
