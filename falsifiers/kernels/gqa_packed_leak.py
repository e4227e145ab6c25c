"""With document masks the loss of a packed window is that of its documents, each on its own.

Hunts for: segment ids that do not reach attention.
Why it matters: what stood before in a window is another document by chance; who looks at it learns the packing.
How it looks: losses that depend on how documents were put together.
If it strikes, suspect: a fused kernel that takes no mask, ids that are shifted by one, a mask for the padding only.
Blind spots: the gradients; documents that are cut by the end of a window.
Sources: profam issue 495 and trl issue 784, packing without a document mask; Krell et al. 2021, arXiv:2107.02027.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from falsifiers.kernels.command import STILL, corpus, ours, reported, shape, trained
from falsifiers.law import one_law
from falsifiers.loop.record import losses
from falsifiers.oracles.decoder import token_nats
from falsifiers.program import VOCABULARY, weights, workshop, write_model

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FEWEST = 5
"""A case is a training of a few seconds."""
LENGTH = 24
VISIBLE = 1e-3


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Seed of the ids, and where the second and the third document begin."""

    seed: int
    borders: tuple[int, ...]


def cases(_subject: None) -> SearchStrategy[Case]:
    """Two or three documents."""
    from hypothesis import strategies as st

    borders = st.sampled_from([(1,), (8,), (12,), (23,), (5, 9), (8, 16)])
    return st.builds(Case, seed=st.integers(0, 3), borders=borders)


def reading(_subject: None, case: Case) -> float:
    """Share by which the loss of the packed window differs from that of its documents alone; 1 where nothing packs.

    The same documents are the window that is trained on and the split that is scored, where each one is alone.
    Unless the whole window costs otherwise in float64, where all its places are seen, the case says nothing.
    """
    ids = np.random.default_rng(case.seed).integers(0, VOCABULARY, LENGTH + 1).tolist()
    documents = [ids[start : stop + 1] for start, stop in itertools.pairwise((0, *case.borders, LENGTH))]
    tensors = weights(case.seed)
    text = corpus("packed", train=documents, val_a=documents)
    options = ("--init", write_model(workshop() / "packed-model", tensors), "--document-masks", "--batch-size", "1")
    run = trained(*options, *STILL, dataset=text, run=workshop() / "packed-run", length=LENGTH)
    [packed], alone = losses(run), float(reported(run)["loss"])
    window = np.array(ids)[None]
    unmasked = float(token_nats(ours(tensors), shape(), window[:, :-1], window[:, 1:]).mean())
    return abs(packed / alone - 1) if abs(unmasked / alone - 1) > VISIBLE else 1.0


# Two sums of float32 losses of the same places, each rounded by 1.2e-7 of itself.
FALSIFIER = one_law(__doc__, cases, reading, name=__name__, unit="ratio", tolerance=1e-6, fewest=FEWEST)
