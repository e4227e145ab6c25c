"""The interval of a held-out loss covers what it promises, where the tokens of a document depend on each other.

Hunts for: an interval that is too narrow because tokens are counted as if each were drawn by itself.
Why it matters: 300 thousand tokens of eleven files behaved like 1,400; a bound three times too narrow passes by luck.
How it looks: the share of corpora whose upper bound lies above the true mean, with the numbers of documents, their
lengths and how much they differ.
If it strikes, suspect: pv/methodology/interval.py: its unit of sampling, its degrees of freedom, its quantile.
Blind spots: documents that depend on each other, such as files of one project; fewer than 30 documents.
Sources: Cochran, Sampling Techniques, 3rd edition, section 6.3; Miller 2024, arXiv:2411.00640.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from falsifiers.law import one_law

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

CORPORA = 500
CONFIDENCE = 0.95
SHORTFALL = 0.05
"""Five standard errors of a share of 0.95 in 500 corpora."""
MEAN = 2.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """How many documents, how unequal in length, and how far their means and their tokens spread, in nats."""

    documents: int
    longest: int
    between: float
    within: float
    seed: int


def cases(_subject: None) -> SearchStrategy[Case]:
    """Corpora from the fewest documents that are enough, alike in length or up to 20 times as long."""
    from hypothesis import strategies as st

    return st.builds(
        Case,
        documents=st.integers(30, 120),
        longest=st.sampled_from([100, 400, 2000]),
        between=st.sampled_from([0.1, 0.3, 1.0]),
        within=st.sampled_from([0.5, 2.5]),
        seed=st.integers(0, 999),
    )


def reading(_subject: None, case: Case) -> float:
    """By how much the share of upper bounds above the true mean falls short of what they promise."""
    clustered = importlib.import_module("pv.methodology.interval").clustered
    rng = np.random.default_rng(case.seed)
    covered = 0
    for _ in range(CORPORA):
        tokens = rng.integers(100, case.longest + 1, case.documents)
        means = MEAN + rng.normal(0, case.between, case.documents)
        sums = means * tokens + rng.normal(0, case.within, case.documents) * np.sqrt(tokens)
        clusters = [(str(n), float(s), int(t)) for n, (s, t) in enumerate(zip(sums, tokens, strict=True))]
        covered += clustered(clusters).upper(CONFIDENCE) >= MEAN
    return CONFIDENCE - covered / CORPORA


FALSIFIER = one_law(__doc__, cases, reading, name=__name__, unit="ratio", tolerance=SHORTFALL)
