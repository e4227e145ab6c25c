"""A document costs the same however far its last window is filled up.

Hunts for: padding that is attended to.
Why it matters: a loss that depends on the padding depends on the other documents of the batch.
How it looks: an evaluation that changes with the length of its windows.
If it strikes, suspect: padding on the wrong side, a mask that does not reach the kernel, positions counted with it.
Blind spots: padding in the training, which has none; documents of more than one window.
Sources: Vaswani et al. 2017, arXiv:1706.03762: a causal mask hides what is appended, and nothing else does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from falsifiers.kernels.command import corpus, scored
from falsifiers.law import one_law
from falsifiers.program import CONFIG, VOCABULARY, weights, workshop, write_model

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FEWEST = 5
"""A case is two processes of two seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Seed of the ids, targets of the document, and padded places after it."""

    seed: int
    targets: int
    padding: int


def cases(_subject: None) -> SearchStrategy[Case]:
    """One place of padding to 128."""
    from hypothesis import strategies as st

    padding = st.sampled_from([1, 7, 64, 128])
    return st.builds(Case, seed=st.integers(0, 3), targets=st.sampled_from([5, 40]), padding=padding)


def reading(_subject: None, case: Case) -> float:
    """Largest change of a document's loss by the padding, per target."""
    rng = np.random.default_rng(case.seed)
    documents = rng.integers(0, VOCABULARY, (4, case.targets + 1)).tolist()
    config = {**CONFIG, "max_position_embeddings": 256}
    model = write_model(workshop() / "padded-model", weights(case.seed, config), config)
    text = corpus("padded", val_a=documents)
    bare, padded = (np.array(scored(model, text, case.targets + more)) for more in (0, case.padding))
    return float(np.max(np.abs(padded - bare))) / case.targets


# Each loss is rounded by 4.8e-7, and their mean over the targets by less.
FALSIFIER = one_law(__doc__, cases, reading, name=__name__, unit="nats/token", tolerance=1e-6, fewest=FEWEST)
