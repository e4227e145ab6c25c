"""The learning rate of a step is the declared one: linear up to the peak, then half a cosine down.

Hunts for: a rate that follows another curve than the configuration declares.
Why it matters: a decay that is never reached, or reached twice, is another experiment with the same name.
How it looks: a loss that stops falling early, or falls in waves; a rate at the end that is far from its share of the
peak.
If it strikes, suspect: a schedule that counts micro-batches or epochs, one stretched to steps that were planned and
not taken, a count that starts anew after an epoch or a resume.
Blind spots: a recorded rate that the optimizer does not use; that is for the laws of the optimizer.
Sources: Loshchilov and Hutter 2016, arXiv:1608.03983; huggingface/transformers issue 26827; pytorch issue 21965.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from falsifiers.law import Law
from falsifiers.subject import RecordSubject, finite

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """An interval of recorded steps."""

    start: int
    length: int


def cases(subject: RecordSubject) -> SearchStrategy[Case]:
    """Intervals from the first step, the end of the warm-up, the middle and the last as often as from others."""
    from hypothesis import strategies as st

    last = max(0, len(subject.rows) - 1)
    marked = sorted({min(step, last) for step in (0, int(subject.train["warmup_steps"]), last // 2, last)})
    return st.builds(Case, start=st.sampled_from(marked) | st.integers(0, last), length=st.integers(1, last + 1))


def reading(subject: RecordSubject, case: Case) -> float:
    """Largest distance of a recorded rate from the closed form, as a share of it; NaN where one was not recorded."""
    steps = range(case.start, min(case.start + case.length, len(subject.rows)))
    rates = {step: subject.rows[step].get("lr") for step in steps}
    if not all(map(finite, rates.values())):
        return math.nan
    return max(abs(float(rate or 0.0) / declared(subject, step) - 1) for step, rate in rates.items())


def declared(subject: RecordSubject, step: int) -> float:
    """The rate of a step; the lowest share of the peak is what the step after the last would have."""
    train = subject.train
    steps, peak, share = int(train["num_steps"]), float(train["learning_rate"]), float(train["min_lr_ratio"])
    warmup = min(int(train["warmup_steps"]), steps - 1)
    if step < warmup:
        return peak * (step + 1) / warmup
    passed = (step - warmup) / max(1, steps - warmup)
    return peak * (share + (1 - share) * 0.5 * (1 + math.cos(math.pi * min(passed, 1.0))))


# The trainer computes in float32, whose cosine near pi is off by 1e-7 of a share that is at least 0.05.
LAW = Law(
    name="schedule",
    role="claim",
    evidence="record",
    unit="ratio",
    tolerance=1e-6,
    page=__doc__,
    strategy=cases,
    reading=reading,
)
