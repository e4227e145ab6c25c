"""A tokenizer with more entries than the init's vocabulary is refused, with both numbers; one with just as many is not.

Hunts for: an init whose embedding has no row for some of the tokenizer's ids.
Why it matters: JAX clamps such an id to the last row, and every such token becomes the same one.
How it looks: a run that starts, and a loss that stays a little too high.
If it strikes, suspect: a comparison that is off by one, a check against the configuration of another model, or none.
Blind spots: a tokenizer that is small enough and means other tokens.
Sources: paiml/aprender pull request 1744; the Qwen2.5 technical report, arXiv:2412.15115, on reserved rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from falsifiers.law import one_law
from falsifiers.program import model_of, pretrain, refused, shards_of, started, workshop

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FEWEST = 5
"""A case is two starts of a run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A vocabulary of the init, and how many entries more the tokenizer has."""

    vocabulary: int
    more: int


def cases(_subject: None) -> SearchStrategy[Case]:
    """Entries of the vocabulary plus one, and of twice the vocabulary."""
    from hypothesis import strategies as st

    sizes = st.sampled_from([272, 384, 50_257, 151_936])
    return sizes.flatmap(lambda size: st.builds(Case, vocabulary=st.just(size), more=st.sampled_from([1, size])))


def reading(_subject: None, case: Case) -> float:
    """How many promises are broken, by the tokenizer that is too large and by the one that just fits."""
    init, run = model_of(case.vocabulary), workshop() / "oversized"
    entries = case.vocabulary + case.more
    no = pretrain("--init", init, shards=shards_of(entries), run=run)
    left = run.exists()
    yes = pretrain("--init", init, shards=shards_of(case.vocabulary), run=run, to_the_end=False)
    return float(refused(no, entries, case.vocabulary) + left + (not started(yes)))


FALSIFIER = one_law(__doc__, cases, reading, name=__name__, fewest=FEWEST)
