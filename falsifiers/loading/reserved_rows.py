"""With an init a tokenizer of fewer entries than the vocabulary is accepted: published models keep reserved rows.

Hunts for: a demand for equal sizes where there is an init.
Why it matters: it would refuse every published checkpoint of the family, whose 151,936 rows have 151,665 tokens.
How it looks: a refusal that names two numbers of which the tokenizer's is the smaller.
If it strikes, suspect: the check of a run from scratch used for one with an init.
Blind spots: reserved rows that a batch reaches; ids beyond the tokenizer's entries are refused with the shards.
Sources: the Qwen2.5 technical report, arXiv:2412.15115; paiml/aprender pull requests 1472 to 1494.
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
    """A vocabulary of the init, and the entries of the tokenizer."""

    vocabulary: int
    entries: int


def cases(_subject: None) -> SearchStrategy[Case]:
    """The tokenizers of the family, and smaller ones."""
    from hypothesis import strategies as st

    pairs = [(151_936, 151_643), (151_936, 151_665), (151_936, 272), (50_257, 50_256), (384, 272), (384, 383)]
    return st.sampled_from(pairs).map(lambda pair: Case(vocabulary=pair[0], entries=pair[1]))


def reading(_subject: None, case: Case) -> float:
    """How many promises are broken, by the smaller tokenizer and by one that is too large."""
    init, run = model_of(case.vocabulary), workshop() / "reserved"
    yes = pretrain("--init", init, shards=shards_of(case.entries), run=run, to_the_end=False)
    no = pretrain("--init", init, shards=shards_of(case.vocabulary + 1), run=run)
    return float((not started(yes)) + refused(no, case.vocabulary))


FALSIFIER = one_law(__doc__, cases, reading, name=__name__, fewest=FEWEST)
