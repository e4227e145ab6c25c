"""The loss recorded for a step is that of the weights before it on its batch; an epoch's is the mean of its steps.

Hunts for: another number than the trained loss under the name of the loss.
Why it matters: every later statement about the curve, the guard and the first loss rests on these rows.
How it looks: a curve that is smoother than its batches allow, or that is one update ahead of them.
If it strikes, suspect: a loss taken after the update, a running mean, a sum kept in 16 bits, a mean of means over
batches of unequal size.
Blind spots: steps of which no checkpoint is kept are only held against the mean of their epoch.
Sources: huggingface/transformers issue 34242 (gradient accumulation and the reported loss); paiml/aprender pull
request 1578 (an epoch's mean compared with a step's loss).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from falsifiers.law import Law
from falsifiers.subject import KeptSubject

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """An interval of recorded steps."""

    start: int
    length: int


def cases(subject: KeptSubject) -> SearchStrategy[Case]:
    """Intervals from the steps whose weights are known as often as from all the others."""
    from hypothesis import strategies as st

    last = len(subject.losses) - 1
    known = st.sampled_from(sorted(subject.recomputed))
    return st.builds(Case, start=known | st.integers(0, last), length=st.integers(1, last + 1))


def reading(subject: KeptSubject, case: Case) -> float:
    """Nats/token off a recomputed loss, or between the mean of the first step's epoch and the mean of its rows."""
    case_steps = range(case.start, case.start + case.length)
    off = [abs(subject.losses[step] - loss) for step, loss in subject.recomputed.items() if step in case_steps]
    off += [
        abs(mean - math.fsum(subject.losses[steps.start : steps.stop]) / len(steps))
        for steps, mean in subject.epochs
        if case.start in steps
    ]
    return max(off, default=0.0) if all(map(math.isfinite, off)) else math.nan


LAW = Law(
    name="recorded-loss",
    role="claim",
    evidence="kept-steps",
    unit="nats/token",
    tolerance=1e-3,
    tolerance_bf16=2e-2,
    page=__doc__,
    strategy=cases,
    reading=reading,
)
