"""The evaluator scores, at each place, the token that comes next.

Hunts for: targets that are the inputs, that are shifted twice, or that belong to another row.
Why it matters: copying its input is the easiest task a network can learn, and its loss looks like a
triumph.
How it looks: a loss close to zero after a few hundred steps; or one that stays near the unigram entropy.
If it strikes, suspect: the shift of targets done nowhere, or both in the data and in the loss; the unit of
the sum; a denominator that is not the number of targets.
Blind spots: an error shared by `logits` and the evaluator, for which the float64 oracle exists.
Sources: paiml/aprender pull request 1600 (a loss in bits among losses in nats); Hugging Face causal
language models shift labels inside the model.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from falsifiers.law import Law
from falsifiers.oracles.decoder import cross_entropy
from falsifiers.subject import ROWS, SystemSubject

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """The first targets of a scored document."""

    document: int
    targets: int


def _most(subject: SystemSubject) -> int:
    """Targets that one probe can hold: several windows, or part of one where the vocabulary is large."""
    return ROWS * subject.length if subject.length == subject.system.context else subject.length


def cases(subject: SystemSubject) -> SearchStrategy[Case]:
    """Any scored document, any number of targets that a probe can hold."""
    from hypothesis import strategies as st

    document = st.integers(0, len(subject.documents) - 1)
    return st.builds(Case, document=document, targets=st.integers(1, _most(subject)))


def reading(subject: SystemSubject, case: Case) -> float:
    """Distance from the judge's own shift and softmax, in nats a target; infinite where counts differ."""
    sequence = subject.documents[case.document][: case.targets + 1].astype(np.int32)
    targets = len(sequence) - 1
    inputs = np.zeros(ROWS * subject.length, np.int32)
    inputs[:targets] = sequence[:-1]
    logits = np.asarray(subject.system.logits(inputs.reshape(ROWS, subject.length)), np.float64)
    expected = cross_entropy(logits.reshape(-1, logits.shape[-1])[:targets], sequence[1:]).sum()
    ((found, count),) = subject.system.evaluate([sequence])
    return abs(found - float(expected)) / targets if count == targets else math.inf


# The evaluator may sum in float32; logits of tens are then off by 1e-6 of themselves.
LAW = Law(
    name="target-alignment",
    role="control",
    evidence="system",
    unit="nats/token",
    tolerance=1e-3,
    page=__doc__,
    strategy=cases,
    reading=reading,
)
