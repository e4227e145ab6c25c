"""What was read before changes what is predicted, even where the last token is the same.

Hunts for: a model that ignores its context, or its input altogether.
Why it matters: a table of frequencies and a table of pairs reach respectable losses; a claim about a
language model is a claim about context.
How it looks: a held-out loss close to the unigram or bigram table's.
If it strikes, suspect: attention that is masked completely or never written back, inputs that were
collapsed to one id, a model that is handed zeros.
Blind spots: context that is used only here and there, or only the nearest; whether its use is right.
Sources: Adebayo et al. 2018, arXiv:1810.03292 (tests that randomise the input).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from falsifiers.law import Law
from falsifiers.subject import SystemSubject, largest, spread

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

SHORTEST = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A batch whose ids before a place are all replaced; from that place on it stays as it is."""

    seed: int
    place: int


def cases(subject: SystemSubject) -> SearchStrategy[Case]:
    """Any batch, any place in the first half with four ids or more before it."""
    from hypothesis import strategies as st

    latest = max(SHORTEST, subject.length // 2)
    return st.builds(Case, seed=st.integers(0, 2**32 - 1), place=st.integers(SHORTEST, latest))


def reading(subject: SystemSubject, case: Case) -> float:
    """Minus the largest change of a logit at that place or after it, in units of the logits' spread.

    The largest, since a sound model may well forget everything at one id: at the end of a document, say.
    """
    batch = subject.tokens(case.seed)[:, : subject.length]
    other = batch.copy()
    other[:, : case.place] = subject.others(case.seed, batch)[:, : case.place]
    before, after = subject.system.logits(batch), subject.system.logits(other)
    return -largest(after[:, case.place :] - before[:, case.place :]) / spread(before)


# Far above the 1e-6 that float32 sums differ by, far below the tenths that a trained model's context moves.
LAW = Law(
    name="input-sensitivity",
    role="control",
    evidence="system",
    unit="spread",
    tolerance=-1e-3,
    page=__doc__,
    strategy=cases,
    reading=reading,
)
