"""Loading is a function of the file: two processes with two seeds hold the same bytes before step 0.

Hunts for: a tensor that is drawn at random beside those that are loaded.
Why it matters: what is drawn is missing from the init or from the mapping, and no error says so.
How it looks: two runs from one init that differ before their first step.
If it strikes, suspect: a tensor that the mapping forgets, an initialisation after the load, a seed that reaches the
reader.
Blind spots: a tensor that is filled with a constant; its bytes are those of the file or not, which another law asks.
Sources: paiml/aprender pull request 1579; huggingface/transformers issue 43429 (a head that was drawn anew).
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from falsifiers.law import one_law
from falsifiers.program import loaded, model_of, workshop

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FEWEST = 5
"""A case is a training of a few seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Seed of the second load."""

    seed: int


def cases(_subject: None) -> SearchStrategy[Case]:
    """Any seed but that of the first."""
    from hypothesis import strategies as st

    return st.builds(Case, seed=st.integers(1, 2**31 - 1))


def reading(_subject: None, case: Case) -> float:
    """Tensors that differ from those of the first load."""
    first, again = _loaded(0), _loaded(case.seed)
    return float(sum(first.get(name) != again.get(name) for name in first | again))


@functools.cache
def _loaded(seed: int) -> dict[str, str]:
    return loaded(model_of(272), "--seed", str(seed), run=workshop() / "load-twice")


FALSIFIER = one_law(__doc__, cases, reading, name=__name__, unit="tensors", fewest=FEWEST)
