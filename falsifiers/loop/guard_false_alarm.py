"""A healthy run is not stopped, whatever its vocabulary.

Hunts for: a limit in nats that was right for one vocabulary.
Why it matters: a run over 50,257 tokens starts at ln V = 10.8, and a limit of 10 stops it at its first step.
How it looks: "diverged" after one step, at a loss that is just ln V.
If it strikes, suspect: a constant; a limit from another tokenizer; a single bad batch taken for a divergence.
Blind spots: runs of thousands of steps; vocabularies whose embedding is too large to build here.
Sources: paiml/aprender pull request 1070 (a guard at 10.0 that stopped a healthy run at 10.31).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from falsifiers.law import one_law
from falsifiers.loop.record import reason, rows
from falsifiers.program import CONFIG, model_of, pretrain, shards_of, workshop

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FEWEST = 5
"""A case is a training of several seconds."""
STEPS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A vocabulary, a rate, and whether there is an init."""

    vocabulary: int
    rate: float
    init: bool


def cases(_subject: None) -> SearchStrategy[Case]:
    """Vocabularies on both sides of every constant in nats that was ever written, at ordinary rates."""
    from hypothesis import strategies as st

    sizes = st.sampled_from([272, 2_048, 32_000, 50_257])
    return st.builds(Case, vocabulary=sizes, rate=st.sampled_from([1e-4, 1e-3]), init=st.booleans())


def reading(_subject: None, case: Case) -> float:
    """How many promises are broken: the status, the reason, and a row for every step."""
    run = workshop() / "healthy"
    start = ("--init", model_of(case.vocabulary)) if case.init else ("--shape", _shape(case.vocabulary))
    more = ("--num-steps", str(STEPS), "--learning-rate", str(case.rate))
    ran = pretrain(*start, *more, shards=shards_of(case.vocabulary), run=run)
    return float((ran.status != 0) + (reason(run) != "completed") + (len(rows(run)) != STEPS))


def _shape(vocabulary: int) -> Path:
    path = workshop() / f"healthy-{vocabulary}.json"
    path.write_text(json.dumps({**CONFIG, "vocab_size": vocabulary}), encoding="utf-8")
    return path


FALSIFIER = one_law(__doc__, cases, reading, name=__name__, fewest=FEWEST)
