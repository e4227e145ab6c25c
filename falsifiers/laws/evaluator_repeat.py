"""The evaluator answers for a document: the same each time, alone or in company, early or late.

Hunts for: evaluators that remember, draw at random, or mix documents.
Why it matters: an evaluator that returns its first result again passes every test that asks only once.
How it looks: a validation loss that does not move between epochs, or one that differs between two identical
calls.
If it strikes, suspect: a cached result, dropout left on, an iterator that is not rewound, a buffer that is
not cleared, a mean over the list handed out for each document.
Blind spots: a memory that is keyed by documents and weights both; one that needs more than three calls to
show.
Sources: paiml/aprender pull requests 1578 and 1580 (state left in a buffer as a hypothesis); transformers
issue 33844.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from falsifiers.law import Law
from falsifiers.subject import SystemSubject

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The first targets of a document."""

    document: int
    targets: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Two documents, evaluated together, one alone, and together the other way round."""

    first: Part
    second: Part


def cases(subject: SystemSubject) -> SearchStrategy[Case]:
    """Any two scored documents, at most two windows of each."""
    from hypothesis import strategies as st

    part = st.builds(
        Part,
        document=st.integers(0, len(subject.documents) - 1),
        targets=st.integers(1, 2 * subject.system.context),
    )
    return st.builds(Case, first=part, second=part)


def _sequence(subject: SystemSubject, part: Part) -> npt.NDArray[np.int32]:
    return subject.documents[part.document][: part.targets + 1].astype(np.int32)


def reading(subject: SystemSubject, case: Case) -> float:
    """Largest disagreement about a document, in nats for each target; infinite where counts are wrong."""
    first, second = _sequence(subject, case.first), _sequence(subject, case.second)
    asked = ([first, second], [second], [second, first])
    answers = [subject.system.evaluate(documents) for documents in asked]
    counts = [[count for _, count in answer] for answer in answers]
    if counts != [[len(document) - 1 for document in documents] for documents in asked]:
        return math.inf
    (one, two), (alone,), (two_again, one_again) = ([total for total, _ in answer] for answer in answers)
    about_first = abs(one_again - one) / (len(first) - 1)
    about_second = max(abs(alone - two), abs(two_again - two)) / (len(second) - 1)
    apart = max(about_first, about_second)
    return math.nan if math.isnan(one + two + alone + apart) else apart


# Float32 losses of the same windows in other places of a batch.
LAW = Law(
    name="evaluator-repeat",
    role="control",
    evidence="system",
    unit="nats/token",
    tolerance=1e-4,
    page=__doc__,
    strategy=cases,
    reading=reading,
)
