"""Two sound systems part at no operation: float32 and float64, a CPU and the device of the run.

Hunts for: an operation in a precision or by a kernel that the record does not name; a tolerance that rounding breaks.
Why it matters: an alarm on a sound model sends people after nothing; after three of them nobody reads the fourth.
How it looks: a distance that grows with the depth, or that is there at long distances between tokens alone.
If it strikes, suspect: angles or sums in 16 bits, a fallback that was chosen without a word, a distance by entries.
Blind spots: inputs that no draw hits; systems of two trainers.
Sources: Higham 2002, "Accuracy and Stability of Numerical Algorithms", sections 3.1 and 3.5.
"""

from __future__ import annotations

import functools
import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from falsifiers.law import Law
from falsifiers.laws.short_training import LONGEST_S, Start, start_of
from falsifiers.process import run
from falsifiers.program import PROGRAM, workshop
from falsifiers.subject import SystemSubject

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

INPUTS: Final = 13
"""Of a comparison, each of `LENGTH` random ids."""
LENGTH: Final = 32
SEEDS: Final = (0, 1)
PARTED: Final = 1
"""Exit status of a comparison in which the systems part."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """An operation of a comparison, by the name of its first system."""

    system: str
    seed: int
    operation: str


def cases(subject: SystemSubject) -> SearchStrategy[Case]:
    """Every operation of every comparison."""
    from hypothesis import strategies as st

    return st.sampled_from(list(_shares(start_of(subject))))


def reading(subject: SystemSubject, case: Case) -> float:
    """How far apart the systems are there, in budgets, on the input on which they come nearest to one."""
    return _shares(start_of(subject))[case]


@functools.lru_cache(maxsize=1)
def _shares(start: Start) -> dict[Case, float]:
    """What every case reads: float32 on a CPU against the definition, and bfloat16 on the device against the former."""
    ours = f"{PROGRAM}:{start.checkpoint}"
    pairs = ((ours, f"oracle:{start.checkpoint}"), (f"{ours}?dtype=bf16&device={start.device}", ours))
    return {
        Case(system=name, seed=seed, operation=operation): share
        for name, (first, second) in zip(("float32", "bfloat16"), pairs, strict=True)
        for seed in SEEDS
        for operation, share in _compared(first, second, seed).items()
    }


def _compared(first: str, second: str, seed: int) -> dict[str, float]:
    """Operation to its distance in budgets; RuntimeError where the systems could not be compared."""
    options = (f"--random={INPUTS}", f"--length={LENGTH}", f"--seed={seed}", "--tries=0", "--format=json")
    ran = run("pv", "bisect", first, second, *options, cwd=workshop(), timeout=LONGEST_S)
    if ran.status not in {0, PARTED}:
        raise RuntimeError(f"pv bisect ended with {ran.status}: {ran.err.strip()[-300:]}")
    return {row["operation"]: _share(row["distance"], row["budget"]) for row in json.loads(ran.out)["operations"]}


def _share(distance: float, budget: float) -> float:
    return distance / budget if budget else math.inf if distance else 0.0


LAW = Law(
    name="bisection-false-alarms",
    role="claim",
    evidence="system",
    unit="ratio",
    tolerance=1.0,
    page=__doc__,
    strategy=cases,
    reading=reading,
)
