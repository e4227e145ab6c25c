"""What stands in the file of an init stands in the model before step 0: each entry, and nothing else.

Hunts for: an option that is parsed and not followed, or followed for some of the tensors.
Why it matters: a fine-tune whose init is ignored is training from scratch under another name.
How it looks: two inits that give one model; a ledger that names the file and holds other bytes.
If it strikes, suspect: the way of the option from the command line to the reader, names that did not match, an
initialisation after the load.
Blind spots: what a step uses in place of these weights; the first loss tells that.
Sources: paiml/aprender pull requests 1472, 1494 and 1579.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from falsifiers.law import one_law
from falsifiers.program import OURS, in_model, loaded, weights, workshop, write_model

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FEWEST = 5
"""A case is a training of a few seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One entry of one tensor of a random model, which is made another."""

    seed: int
    tensor: str
    place: float


def cases(_subject: None) -> SearchStrategy[Case]:
    """Any tensor, any entry."""
    from hypothesis import strategies as st

    place = st.floats(0, 1, exclude_max=True, width=32)
    return st.builds(Case, seed=st.integers(0, 9), tensor=st.sampled_from(sorted(OURS)), place=place)


def reading(_subject: None, case: Case) -> float:
    """Tensors of the model whose bytes are not the file's, those that only one of the two has included."""
    tensors = weights(case.seed)
    flat = tensors[case.tensor].reshape(-1)
    flat[int(case.place * flat.size)] += np.float32(0.5)
    found = loaded(write_model(workshop() / "one-entry", tensors), run=workshop() / "one-entry-run")
    wanted = in_model(tensors)
    return float(sum(wanted.get(name) != found.get(name) for name in wanted | found))


FALSIFIER = one_law(__doc__, cases, reading, name=__name__, unit="tensors", fewest=FEWEST)
