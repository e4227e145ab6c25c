"""A model that is traced gives the logits of the same model untraced.

Hunts for: an operation that the trace computes otherwise than the model, or rounds on its way.
Why it matters: what the trace shows would be another program's, and the fault that is sought is not in it.
How it looks: a trace that finds nothing in a model that is wrong, or a fault that is gone while it is watched.
If it strikes, suspect: a second forward pass written for tracing, a tap that casts, dropout that is still on.
Blind spots: a trace in another dtype than float32; what a compiled program fuses in training.
Sources: Gray 1985, "Why do computers stop", section 4: faults that vanish when they are looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from falsifiers.law import Law
from falsifiers.subject import SystemSubject, largest

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Where the ids come from."""

    seed: int


def cases(_subject: SystemSubject) -> SearchStrategy[Case]:
    """Pieces of documents and random ids alike."""
    from hypothesis import strategies as st

    return st.builds(Case, seed=st.integers(0, 2**32 - 1))


def reading(subject: SystemSubject, case: Case) -> float:
    """Largest difference of two logits, traced and not, in parts of the largest logit."""
    system: Any = subject.system
    batch = subject.tokens(case.seed)[:, : subject.length]
    row = case.seed % len(batch)
    traced = system.operations(batch[row], dtype="float32", alter=lambda _name, x: x)
    plain = np.asarray(system.logits(batch), np.float64)[row]
    return largest(list(traced.values())[-1].filled(0)[0] - plain) / largest(plain)


# Compiled as one program, 24 layers differ by 2e-6 to 6e-6 from the same operations one by one; one rounding to 16 bits
# is 4e-3.
LAW = Law(
    name="trace-is-innocent",
    role="claim",
    evidence="system",
    unit="ratio",
    tolerance=1e-4,
    page=__doc__,
    strategy=cases,
    reading=reading,
)
