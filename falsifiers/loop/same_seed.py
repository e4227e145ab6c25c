"""One seed gives the same bytes of loss at every step in every process, and another seed gives others from step 0 on.

Hunts for: a draw that the seed does not decide, or a seed that decides nothing.
Why it matters: a run that cannot be repeated cannot be looked into, and two runs that must differ may be one.
How it looks: curves that part after some hundred steps; five seeds with one curve.
If it strikes, suspect: a clock or a process number in a key, a set that is walked over, a reduction whose order
changes, a seed that never reaches the loader.
Blind spots: another machine; accelerators, whose kernels may add in any order.
Sources: the JAX documentation on random numbers; NVIDIA/framework-reproducibility.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from falsifiers.law import one_law
from falsifiers.loop.record import finished, rows
from falsifiers.program import model_of, pretrain, shards, workshop

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FEWEST = 5
"""A case is a training of several seconds."""
STEPS = ("--num-steps", "12")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A seed, and whether it is that of the run that is compared."""

    seed: int


def cases(_subject: None) -> SearchStrategy[Case]:
    """The same seed as often as another."""
    from hypothesis import strategies as st

    return st.builds(Case, seed=st.just(0) | st.integers(1, 99))


def reading(_subject: None, case: Case) -> float:
    """Steps whose row differs from that of the same seed; or 1 where step 0 of another seed is the same."""
    first, again = _first(), _rows(case.seed, workshop() / "seed-again")
    if case.seed:
        return float(first[0]["loss"] == again[0]["loss"])
    return float(sum(one != other for one, other in zip(first, again, strict=True)))


@functools.cache
def _first() -> list[dict[str, Any]]:
    return _rows(0, workshop() / "seed-first")


def _rows(seed: int, run: Path) -> list[dict[str, Any]]:
    finished(pretrain("--init", model_of(272), *STEPS, "--seed", str(seed), shards=shards(), run=run))
    return rows(run)


FALSIFIER = one_law(__doc__, cases, reading, name=__name__, unit="steps", fewest=FEWEST)
