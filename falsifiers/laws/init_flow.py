"""The loss recorded at step 0 is the init's on that batch, every part of which shows the init at work.

Hunts for: an init that was read but not used, used in part, or used in the wrong places.
Why it matters: a fine-tune whose init did not flow through is training from scratch under another name.
How it looks: a step-0 loss near ln V or above it; or a plausible one that is not this init's.
If it strikes, suspect: names that did not match and were ignored, biases that were dropped, transposed or
mis-typed tensors, rotary positions paired otherwise, a re-initialisation after the load, targets that were
not the next tokens.
Blind spots: parts of the init that change this batch's loss by less than the tolerance; the set of names is
compared elsewhere, two-sided.
Sources: paiml/aprender pull requests 1472, 1578, 1579 and 1600; L = ln V + sigma^2 / 2 for logits that know
nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from falsifiers.law import Law
from falsifiers.subject import StepZeroSubject

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

RECORD_TOLERANCE = 1e-3
"""Nats/token between a float32 mean over the batch and the float64 oracle's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Half of the batch's sequences or more, and a stretch of half their targets or more."""

    rows: tuple[int, ...]
    start: int
    targets: int


def cases(subject: StepZeroSubject) -> SearchStrategy[Case]:
    """Any such part of the batch."""
    from hypothesis import strategies as st

    rows, targets = subject.init.shape
    half = targets // 2
    chosen = st.sets(st.integers(0, rows - 1), min_size=max(1, rows // 2)).map(lambda s: tuple(sorted(s)))
    return st.builds(Case, rows=chosen, start=st.integers(0, half), targets=st.integers(max(1, half), targets))


def part(nats: np.ndarray[tuple[int, ...], np.dtype[np.float64]], case: Case) -> float:
    """Mean over the part of the batch that a case names."""
    return float(nats[list(case.rows), case.start : case.start + case.targets].mean())


def reading(subject: StepZeroSubject, case: Case) -> float:
    """Nats/token above a uniform guess on that part, or off the record on the whole, less its tolerance."""
    above_uniform = part(subject.init, case) - subject.uniform
    off_record = abs(subject.recorded - float(subject.init.mean())) - RECORD_TOLERANCE
    return float(np.max([above_uniform, off_record]))


LAW = Law(
    name="init-flow",
    role="claim",
    evidence="step-0",
    unit="nats/token",
    tolerance=0.0,
    tolerance_bf16=2e-2,
    page=__doc__,
    strategy=cases,
    reading=reading,
)
