"""The init's own tokenizer passes the preflight, whatever the size of its vocabulary.

Hunts for: a preflight that compares with another model's vocabulary than that of the model it is about to build.
Why it matters: a check that refuses what fits is switched off, and then nothing is checked.
How it looks: a refusal that names a number which stands in neither file.
If it strikes, suspect: a constant of the from-scratch shape, a configuration that is read after the check.
Blind spots: tokenizers of the right size with other meanings.
Sources: paiml/aprender pull request 1494 (a vocabulary of 50,257 demanded of an init with 151,936).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from falsifiers.law import one_law
from falsifiers.program import STEP, aprtrain, model_of, pretrain, refused, shards_of, started, workshop

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FEWEST = 5
"""A case is two starts of a run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A vocabulary."""

    vocabulary: int


def cases(_subject: None) -> SearchStrategy[Case]:
    """Small ones, that of the from-scratch shape, that of the init of the story, and their neighbours."""
    from hypothesis import strategies as st

    return st.builds(Case, vocabulary=st.sampled_from([272, 384, 50_257, 50_258, 151_936]))


def reading(_subject: None, case: Case) -> float:
    """How many promises are broken: equal sizes start, and a context beyond the init's is still refused."""
    init, run = model_of(case.vocabulary), workshop() / "accepted"
    yes = pretrain("--init", init, shards=shards_of(case.vocabulary), run=run, to_the_end=False)
    longer = (*STEP, "--seq-length", "65", "--init", init, "--dataset", shards_of(case.vocabulary), "--run-dir", "long")
    no = aprtrain("pretrain", *longer, cwd=workshop())
    return float((not started(yes)) + refused(no, 65, 64))


FALSIFIER = one_law(__doc__, cases, reading, name=__name__, fewest=FEWEST)
