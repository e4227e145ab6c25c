"""Before step 0 every tensor of the model is the file's, whatever was there before; a file that lacks one is refused.

Hunts for: a tensor, or a part of one, that keeps what it held before the load.
Why it matters: one layer of random weights in a loaded model costs a little loss, and nobody looks for it.
How it looks: a fine-tune that starts worse than its init, and depends on its seed before the first step.
If it strikes, suspect: a key that did not match and was passed over, a copy of the overlap of two shapes.
Blind spots: values that the file and the draw share.
Sources: IEEE 754, quiet NaNs as a mark of what was never written; public pull request 1578 of paiml/aprender.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from falsifiers.law import one_law
from falsifiers.loop.record import ledger
from falsifiers.program import in_model, pretrain, refused, shards, weights, workshop, write_model

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FEWEST = 6
"""A case is a process of a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Seed of the weights; the tensor that is spoilt as a share of all, and how."""

    seed: int
    tensor: float
    way: str


def cases(_subject: None) -> SearchStrategy[Case]:
    """Whole files, files without a tensor, with one cut short, and with a NaN in one entry."""
    from hypothesis import strategies as st

    ways = ["whole", "without", "cut", "poisoned", "whole", "without"]
    return st.sampled_from([Case(seed=seed, tensor=seed / len(ways), way=way) for seed, way in enumerate(ways)])


def reading(_subject: None, case: Case) -> float:
    """Tensors before step 0 that are not the file's; or how many promises of a refusal are broken."""
    tensors = weights(case.seed)
    wanted = in_model(tensors)
    name = sorted(tensors)[math.floor(case.tensor * len(tensors))]
    if case.way == "without":
        del tensors[name]
    elif case.way == "cut":
        tensors[name] = tensors[name][:-1]
    elif case.way == "poisoned":
        tensors[name].reshape(-1)[-1] = np.nan
    run = workshop() / "poisoned-run"
    init = write_model(workshop() / "poisoned", tensors)
    ran = pretrain("--init", init, "--seed", str(case.seed), shards=shards(), run=run)
    if case.way != "whole":
        return float(refused(ran)) if ran.status else float(len(wanted))
    found = {row: str(entry["digest"]) for row, entry in ledger(run)["model"].items()}
    return float(sum(found.get(one) != wanted.get(one) for one in wanted | found))


FALSIFIER = one_law(__doc__, cases, reading, name=__name__, unit="tensors", fewest=FEWEST)
