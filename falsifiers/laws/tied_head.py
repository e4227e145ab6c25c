"""An embedding row is also a row of the head if, and only if, the configuration of the init says so.

Hunts for: a head that was to share the embedding and does not, or shares it against the configuration.
Why it matters: an untied head starts at random under a pretrained body, and adds a tensor that no count
reveals where others went missing at the same time.
How it looks: a step-0 loss far above the init's; one tensor more, or one fewer, than the init holds.
If it strikes, suspect: the reading of `tie_word_embeddings`, a default that overrides the init, a head
filled at load.
Blind spots: a head that is tied at evaluation and apart in training.
Sources: huggingface/transformers issue 43429; tinygrad issue 13796; paiml/aprender pull request 1474.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from falsifiers.law import Law
from falsifiers.subject import SystemSubject, largest, spread

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A batch and the id whose embedding row is doubled."""

    seed: int
    id: int


def cases(subject: SystemSubject) -> SearchStrategy[Case]:
    """Any batch, any id."""
    from hypothesis import strategies as st

    vocab = subject.system.vocab_size
    return st.builds(Case, seed=st.integers(0, 2**32 - 1), id=st.integers(0, vocab - 1))


def reading(subject: SystemSubject, case: Case) -> float:
    """Distance of the logits from what doubling an embedding row must do, in units of their spread.

    No input holds the id: a tied head doubles that id's logit, and nothing else moves; without a tie nothing
    moves at all.
    """
    system = subject.system
    batch = subject.tokens(case.seed)[:, : subject.length]
    batch = np.where(batch == case.id, (batch + 1) % system.vocab_size, batch).astype(np.int32)
    parameters = dict(system.parameters())
    parameters["embed"] = np.array(parameters["embed"])
    parameters["embed"][case.id] *= 2
    before, after = system.logits(batch), system.with_parameters(parameters).logits(batch)
    expected = np.array(before)
    expected[..., case.id] *= 2 if subject.tied else 1
    return largest(after - expected) / spread(before)


# Doubling is exact in floating point, so the same sums are rounded to twice the same number.
LAW = Law(
    name="tied-head",
    role="control",
    evidence="system",
    unit="spread",
    tolerance=1e-4,
    page=__doc__,
    strategy=cases,
    reading=reading,
)
