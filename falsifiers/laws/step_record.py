"""Each planned step is recorded once, in order, with finite numbers and an unbroken chain of digests.

Hunts for: steps that did not happen, happened twice, or diverged in silence.
Why it matters: "500 steps" that stopped at 300 is another experiment.
How it looks: an exit status of 0 beside a record that is shorter than the plan, or starts anew in the
middle.
If it strikes, suspect: an early stop that nobody declared, a resume that repeats steps, shards that ran
out, an edited record.
Blind spots: numbers that are finite, in order, and invented.
Sources: paiml/aprender pull request 1578 (a run of 500 steps that stopped at step 300); verl issue 7401.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from falsifiers.law import Law
from falsifiers.subject import RecordSubject, finite

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FIRST_DIGEST = "0" * 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """An interval of steps."""

    start: int
    length: int


def cases(subject: RecordSubject) -> SearchStrategy[Case]:
    """Any interval of the planned steps; a longer record is searched to its end."""
    from hypothesis import strategies as st

    steps = max(subject.planned_steps, len(subject.rows), 1)
    return st.builds(Case, start=st.integers(0, steps - 1), length=st.integers(1, steps))


def reading(subject: RecordSubject, case: Case) -> float:
    """Steps of the interval that are missing, in excess, out of order, not finite, or off the chain."""
    end = min(case.start + case.length, max(subject.planned_steps, len(subject.rows)))
    return float(sum(not _sound(subject, step) for step in range(case.start, end)))


def _sound(subject: RecordSubject, step: int) -> bool:
    if step >= len(subject.rows) or step >= subject.planned_steps:
        return False
    row = subject.rows[step]
    chained = FIRST_DIGEST if step == 0 else hashlib.sha256(subject.lines[step - 1].encode()).hexdigest()
    return (
        row.get("step") == step
        and row.get("tokens") == (step + 1) * subject.tokens_per_step
        and row.get("prev") == chained
        and all(finite(row.get(name)) for name in ("loss", "grad_norm", "lr"))
    )


LAW = Law(
    name="step-record",
    role="claim",
    evidence="record",
    unit="steps",
    tolerance=0.0,
    page=__doc__,
    strategy=cases,
    reading=reading,
)
