"""From scratch the tokenizer has exactly as many entries as the model, and every other number is refused.

Hunts for: a run from scratch whose embedding does not fit its tokenizer.
Why it matters: too few rows are indexed beyond their end, too many are never trained.
How it looks: a run that starts with 151,936 entries and 50,257 rows.
If it strikes, suspect: the check of a run with an init used for one from scratch, or a check after the allocation.
Blind spots: a tokenizer of the right size with other meanings.
Sources: paiml/aprender pull requests 1472 and 1494.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from falsifiers.law import one_law
from falsifiers.program import CONFIG, pretrain, refused, shards_of, started, workshop

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FEWEST = 5
"""A case is two starts of a run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Rows of the model, and entries of the tokenizer."""

    rows: int
    entries: int


def cases(_subject: None) -> SearchStrategy[Case]:
    """The numbers of the story, and the neighbours of each size."""
    from hypothesis import strategies as st

    pairs = [(50_257, 151_936), (50_257, 50_256), (50_257, 50_258), (384, 272), (384, 383), (384, 385), (272, 384)]
    return st.sampled_from(pairs).map(lambda pair: Case(rows=pair[0], entries=pair[1]))


def reading(_subject: None, case: Case) -> float:
    """How many promises are broken: the pair is refused with both numbers, equal numbers start."""
    shape, run = _shape(case.rows), workshop() / "from-scratch"
    no = pretrain("--shape", shape, shards=shards_of(case.entries), run=run)
    left = run.exists()
    yes = pretrain("--shape", shape, shards=shards_of(case.rows), run=run, to_the_end=False)
    return float(refused(no, case.entries, case.rows) + left + (not started(yes)))


def _shape(rows: int) -> Path:
    path = workshop() / f"shape-{rows}.json"
    path.write_text(json.dumps({**CONFIG, "vocab_size": rows}), encoding="utf-8")
    return path


FALSIFIER = one_law(__doc__, cases, reading, name=__name__, fewest=FEWEST)
