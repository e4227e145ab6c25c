"""What a fresh process evaluates is, entry by entry, what the checkpoint on disk holds.

Hunts for: weights that are evaluated but not saved, or saved but not evaluated.
Why it matters: a loss belongs to weights; if those cannot be had again, the loss belongs to nothing.
How it looks: an evaluation after loading that differs from the one that was reported, or, worse, one that
does not because both are of other weights.
If it strikes, suspect: a load that ignores names it does not know, a silent cast, a transposition at save
or load, an average of weights that only one side knows.
Blind spots: weights that are equal on both sides and wrong on both; state that is no parameter.
Sources: flax `nnx.update` accepts missing and extra names; vllm issue 53020; paiml/aprender pull request
1579.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from falsifiers.law import Law
from falsifiers.subject import SystemSubject

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A stretch of a tensor, in C order."""

    tensor: str
    start: float
    """As a share of the tensor."""
    entries: int


def cases(subject: SystemSubject) -> SearchStrategy[Case]:
    """Any stretch of any tensor of either side; those that one side lacks as often as all the others."""
    from hypothesis import strategies as st

    saved, found = set(subject.disk), set(subject.system.parameters())
    name = st.sampled_from(sorted(saved | found))
    if saved != found:
        name = st.sampled_from(sorted(saved ^ found)) | name
    start = st.floats(0, 1, exclude_max=True, width=32)
    return st.builds(Case, tensor=name, start=start, entries=st.integers(1, 4096))


def reading(subject: SystemSubject, case: Case) -> float:
    """Entries whose bytes differ; all that were asked for where name, shape or dtype differ."""
    found = subject.system.parameters().get(case.tensor)
    saved = subject.disk.get(case.tensor)
    if found is None or saved is None or found.shape != saved.shape or found.dtype != saved.dtype:
        return float(case.entries)
    first = int(case.start * saved.size)
    stretches = [np.ascontiguousarray(x).reshape(-1)[first : first + case.entries] for x in (found, saved)]
    raw = [np.ascontiguousarray(x).view(np.uint8).reshape(len(x), -1) for x in stretches]
    return float((raw[0] != raw[1]).any(axis=1).sum())


LAW = Law(
    name="weights-on-disk",
    role="claim",
    evidence="system",
    unit="entries",
    tolerance=0.0,
    page=__doc__,
    strategy=cases,
    reading=reading,
)
