"""The logits are those that the definition of the model gives for the weights on disk, place by place.

Hunts for: arithmetic that is nearly the model's: another constant, another order of heads, fewer bits, a shorter reach.
Why it matters: a mean over thousands of targets hides what a few places show, and training makes up for the rest.
How it looks: a held-out loss that is the oracle's to three digits.
If it strikes, suspect: the base of the rotary positions, a position that is one too high on one side, epsilon, a scale
beside a norm, products or attention in 16 bits, a limit of the context that no configuration names.
Blind spots: later places of a large model, for which float64 takes too long; what the training step alone computes.
Sources: the papers named in `falsifiers/oracles/decoder.py`; thunder issue 725 (products in another precision).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from falsifiers.law import Law
from falsifiers.oracles.decoder import logits
from falsifiers.subject import ROWS, SystemSubject, spread

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FEWEST_PLACES = 16
MOST_PRODUCTS = 40_000_000_000
"""Multiplications that a case is given in float64: a fraction of a second to a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A row of a batch."""

    seed: int
    row: int


def cases(_: SystemSubject) -> SearchStrategy[Case]:
    """Scored text as often as ids drawn at random."""
    from hypothesis import strategies as st

    return st.builds(Case, seed=st.integers(0, 2**32 - 1), row=st.integers(0, ROWS - 1))


def reading(subject: SystemSubject, case: Case) -> float:
    """Largest distance of a place's logits from the oracle's, as a root mean square, in units of their spread."""
    parameters, shape = subject.decoder
    places = max(FEWEST_PLACES, MOST_PRODUCTS // sum(array.size for array in parameters.values()))
    batch = subject.tokens(case.seed)[:, : subject.length]
    wanted = logits(parameters, shape, batch[case.row : case.row + 1, :places])[0]
    found = np.asarray(subject.system.logits(batch), np.float64)[case.row, : len(wanted)]
    apart = np.sqrt(np.mean((found - wanted) ** 2, axis=-1))
    return float(apart.max() / spread(wanted))


# Measured in float32: 1e-6 at 2 layers, 1e-5 at 24 with large weights; products of ten bits are off by 3e-4 and more.
LAW = Law(
    name="definition",
    role="control",
    evidence="system",
    unit="spread",
    tolerance=5e-5,
    page=__doc__,
    strategy=cases,
    reading=reading,
)
