"""Training moved every tensor off where it started, and to numbers that bfloat16 has not got.

Hunts for: updates that are not applied, or too small for the weights' dtype, and branches that no gradient reaches.
Why it matters: weights in bfloat16 swallow an update below a 256th of them, which is most of a fine-tune's.
How it looks: a loss that falls slowly, or not at all, and weights most of whose last sixteen bits are zero.
If it strikes, suspect: the masters' dtype, if entries are scattered; a stopped gradient, if a whole tensor stayed.
Blind spots: whether an entry moved the right way or far enough; tensors that the start had not got.
Sources: Zamirai et al. 2020, arXiv:2010.06192; Loshchilov and Hutter 2017, arXiv:1711.05101.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from falsifiers.law import Law
from falsifiers.subject import SystemSubject

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """An interval of the tensors, by name."""

    start: int
    length: int


def cases(subject: SystemSubject) -> SearchStrategy[Case]:
    """Any interval; ValueError where the run did not start from a checkpoint."""
    from hypothesis import strategies as st

    many = len(subject.stayed)
    if not many:
        raise ValueError("the run has no init, or shares no tensor with it")
    return st.builds(Case, start=st.integers(0, many - 1), length=st.integers(1, many))


def reading(subject: SystemSubject, case: Case) -> float:
    """Largest share of a tensor's entries that lie where they lay, or at a number of bfloat16."""
    return max(list(subject.stayed.values())[case.start : case.start + case.length])


# Of float32 numbers one in 65,536 is of bfloat16 by chance.
LAW = Law(
    name="adamw-unmoved-share",
    role="claim",
    evidence="system",
    unit="ratio",
    tolerance=0.5,
    page=__doc__,
    strategy=cases,
    reading=reading,
)
