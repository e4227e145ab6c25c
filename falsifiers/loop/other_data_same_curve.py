"""With other data the curve is another one.

Hunts for: a loss that is a function of the step and not of the batch.
Why it matters: a loop that was never connected to its data has a curve like any other, and it falls.
How it looks: the same digits under two corpora; a smooth exponential.
If it strikes, suspect: a stub that was left in place, a batch that is built and not passed on, a cached loss.
Blind spots: a loss that reads the data and ignores the weights.
Sources: paiml/aprender pull request 1070 (a step function that returned constants).
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from falsifiers.law import one_law
from falsifiers.loop.record import finished, losses
from falsifiers.program import model_of, pretrain, shards, workshop

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FEWEST = 5
"""A case is a training of a few seconds."""
NEAR = 0.05
"""Nats/token by which two losses are taken for one."""
STEPS = ("--num-steps", "12")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Seed of another corpus."""

    corpus: int


def cases(_subject: None) -> SearchStrategy[Case]:
    """Corpora that have no document in common with the first."""
    from hypothesis import strategies as st

    return st.builds(Case, corpus=st.integers(20, 40))


def reading(_subject: None, case: Case) -> float:
    """Share of the steps whose loss is that of the first corpus."""
    pairs = list(zip(_first(), _curve(shards(case.corpus), workshop() / "other-curve"), strict=True))
    return sum(not abs(one - other) > NEAR for one, other in pairs) / len(pairs)


@functools.cache
def _first() -> tuple[float, ...]:
    return _curve(shards(), workshop() / "first-curve")


def _curve(data: Path, run: Path) -> tuple[float, ...]:
    finished(pretrain("--init", model_of(272), *STEPS, shards=data, run=run))
    return tuple(losses(run))


FALSIFIER = one_law(__doc__, cases, reading, name=__name__, unit="ratio", tolerance=0.5, fewest=FEWEST)
