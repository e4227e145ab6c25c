"""An id without a row in the embedding is refused by its number, and the first and last id cost what they should.

Hunts for: ids that are wrapped, clamped or made free.
Why it matters: inside a compiled function JAX takes another row for them and says nothing.
How it looks: a loss that is a little off, from data that belong to another tokenizer.
If it strikes, suspect: a manifest that is believed, a check of the training that the evaluator lacks, a one-hot.
Blind spots: ids that are in range and mean another token.
Sources: the JAX documentation, "Out-of-bounds indexing"; huggingface/transformers on -100 as an ignored target.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from falsifiers.kernels.command import CPU, corpus, ours, scored, shape
from falsifiers.law import one_law
from falsifiers.oracles.decoder import token_nats
from falsifiers.program import VOCABULARY, aprtrain, model_of, pretrain, refused, weights, workshop

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FEWEST = 9
"""Every case, each a process of two seconds: one of the faults shows in one of them only."""
TARGETS = 12
SAME = 1e-4


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """An id, the last of a few, and the command that gets them."""

    command: str
    token: int


def cases(_subject: None) -> SearchStrategy[Case]:
    """Each side of the range; no shard can hold -1, which only a file of ids can."""
    from hypothesis import strategies as st

    beyond = (VOCABULARY, VOCABULARY + 100)
    every = [("trace", -1), ("eval", 0), ("eval", VOCABULARY - 1)]
    every += [(command, token) for command in ("trace", "eval", "pretrain") for token in beyond]
    return st.sampled_from([Case(command=command, token=token) for command, token in every])


def reading(_subject: None, case: Case) -> float:
    """How many promises of a refusal are broken; for an id of the vocabulary, 1 where it costs otherwise in float64."""
    ids = np.random.default_rng(case.token % 97).integers(0, VOCABULARY, TARGETS + 1)
    ids[-1] = case.token
    model = model_of(VOCABULARY)
    if case.command == "trace":
        path = workshop() / "range-of-ids.txt"
        path.write_text(" ".join(map(str, ids)), encoding="utf-8")
        return float(refused(aprtrain("trace", model, "--tokens", path, *CPU, cwd=workshop()), case.token))
    text = corpus("range-of-ids", val_a=[ids.tolist()])
    if case.command == "pretrain":
        return float(refused(pretrain("--init", model, shards=text, run=workshop() / "ids-run"), case.token))
    if case.token >= VOCABULARY:
        return float(refused(aprtrain("eval", model, "--dataset", text, *CPU, cwd=workshop()), case.token))
    wanted = token_nats(ours(weights(VOCABULARY)), shape(), ids[None, :-1], ids[None, 1:]).sum()
    return float(not abs(scored(model, text, TARGETS)[0] / wanted - 1) <= SAME)


FALSIFIER = one_law(__doc__, cases, reading, name=__name__, fewest=FEWEST)
