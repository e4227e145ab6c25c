"""Of several exit statuses the first of 70, 2, 4, 1, 3, 0 holds.

Hunts for: a status that a milder one hides.
Why it matters: a failure among many successes ends with 0.
How it looks: the statuses that were merged.
If it strikes, suspect: worst in pv/verdict/exit.py.
Blind spots: a status that never reaches the merge, such as that of a worker that was killed.
Sources: docs/verdicts.md says the order; contracts/pv-self-v1.yaml, FALSIFY-PV-SELF-024.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from falsifiers.law import one_law

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

PRECEDENCE = (70, 2, 4, 1, 3, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One attempt."""

    codes: tuple[int, ...]


def cases(_subject: None) -> SearchStrategy[Case]:
    """Where to look."""
    from hypothesis import strategies as st

    return st.builds(Case, codes=st.lists(st.sampled_from(PRECEDENCE), max_size=7).map(tuple))


def reading(_subject: None, case: Case) -> float:
    """How many of the promises are broken."""
    found = importlib.import_module("pv.verdict").worst(case.codes)
    return float(found != min(case.codes, key=PRECEDENCE.index, default=0))


FALSIFIER = one_law(__doc__, cases, reading, name=__name__)
