"""One seed gives the same bytes of loss at every step in every process, and another seed gives others from step 0 on.

Hunts for: a draw that the seed does not decide, or a seed that decides nothing.
Why it matters: a run that cannot be repeated cannot be looked into, and two runs that must differ may be one.
How it looks: curves that part after some hundred steps; five seeds with one curve.
If it strikes, suspect: a clock or a process number in a key, a set that is walked over, a reduction whose order
changes, a kernel of an accelerator that adds in any order although none was allowed, a seed that never reaches the
loader.
Blind spots: another machine; what differs only after more than these steps.
Sources: the JAX documentation on random numbers; NVIDIA/framework-reproducibility; XLA's flag
xla_gpu_deterministic_ops.
"""

from __future__ import annotations

import functools
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from falsifiers.law import Law
from falsifiers.laws.short_training import Start, start_of, train
from falsifiers.loop.record import rows
from falsifiers.program import workshop
from falsifiers.subject import SystemSubject

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

STEPS = 25
FIRST, OTHER = "0", "1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A step of the second training, or of one with another seed."""

    step: int
    other: bool


def cases(_subject: SystemSubject) -> SearchStrategy[Case]:
    """Every step of both."""
    from hypothesis import strategies as st

    return st.builds(Case, step=st.integers(0, STEPS - 1), other=st.booleans())


def reading(subject: SystemSubject, case: Case) -> float:
    """1 where the row of the step differs from that of the same seed, or its loss is that of another one."""
    first, again, other = _trainings(start_of(subject))
    if case.other:
        return float(first[case.step]["loss"] == other[case.step]["loss"])
    return float(first[case.step] != again[case.step])


@functools.lru_cache(maxsize=1)
def _trainings(start: Start) -> tuple[list[dict[str, Any]], ...]:
    """The rows of three trainings; all but the last have one seed."""
    return tuple(_rows(start, seed) for seed in (FIRST, FIRST, OTHER))


def _rows(start: Start, seed: str) -> list[dict[str, Any]]:
    run = workshop() / "seed"
    shutil.rmtree(run, ignore_errors=True)
    train(start, run, "--num-steps", str(STEPS), "--seed", seed, "--deterministic")
    return rows(run)


LAW = Law(
    name="same-seed",
    role="claim",
    evidence="system",
    unit="steps",
    tolerance=0.0,
    page=__doc__,
    strategy=cases,
    reading=reading,
)
