"""Whatever file a run starts from, it is refused, or every tensor that the run keeps looks like weights.

Hunts for: a tensor of NaNs, of one value, or of zeros, and a row of the embedding that has no length.
Why it matters: such a tensor is what a wrong offset, a wrong dtype or a load that stopped half-way leaves.
How it looks: a loss that is finite and too high; a token that the model never writes.
If it strikes, suspect: a tensor that nobody filled, NaNs that were made zeros, a file that was cut.
Blind spots: weights that are wrong and look like weights.
Sources: public pull request 1601 of paiml/aprender, 2026: bytes under the label of another dtype.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from falsifiers.kernels.command import STILL
from falsifiers.law import one_law
from falsifiers.oracles.checkpoint import read_arrays
from falsifiers.oracles.shards import read_shards
from falsifiers.program import REFUSED, pretrain, shards, weights, workshop, write_model
from falsifiers.system import Array

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FEWEST = 6
"""A case is a process of one or two seconds."""
ZERO = 1e-20
"""A step that moves nothing else moves a zero by 1e-30."""
SHORT = 1e-6
"""Norm of an embedding row that says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Seed of the weights; the tensor that is spoilt as a share of all, and how."""

    seed: int
    tensor: float
    way: str


def cases(_subject: None) -> SearchStrategy[Case]:
    """Whole files, files without a tensor, with half of one, and with one entry that is no number."""
    from hypothesis import strategies as st

    ways = ["whole", "without", "half", "nan", "inf", "without"]
    return st.sampled_from([Case(seed=seed, tensor=seed / len(ways), way=way) for seed, way in enumerate(ways)])


def reading(_subject: None, case: Case) -> float:
    """Tensors of the run's checkpoint that do not look like weights; 1 where it is neither refused nor ends.

    The run is one step that moves nothing: what it keeps is what it loaded.
    """
    tensors = weights(case.seed)
    name = sorted(tensors)[math.floor(case.tensor * len(tensors))]
    if case.way == "without":
        del tensors[name]
    elif case.way == "half":
        tensors[name] = tensors[name][: len(tensors[name]) // 2]
    elif case.way in {"nan", "inf"}:
        tensors[name].reshape(-1)[0] = float(case.way)
    run = workshop() / "degenerate-run"
    ran = pretrain("--init", write_model(workshop() / "degenerate", tensors), *STILL, shards=shards(), run=run)
    if ran.status == REFUSED and case.way != "whole":
        return 0.0
    if ran.status != 0:
        return 1.0
    used = np.unique(read_shards(shards()).splits["train"].stream)
    return float(sum(_degenerate(one, array, used) for one, array in read_arrays(run / "checkpoint").items()))


def _degenerate(name: str, array: Array, used: Array) -> bool:
    values = array.astype(np.float64)
    if not np.isfinite(values).all() or np.ptp(values) < ZERO or np.mean(np.abs(values) < ZERO) > 0.5:
        return True
    return name == "embed" and bool((np.linalg.norm(values[used], axis=1) < SHORT).any())


FALSIFIER = one_law(__doc__, cases, reading, name=__name__, unit="tensors", fewest=FEWEST)
