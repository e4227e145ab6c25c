"""A model whose query heads share key/value heads has the logits of the model whose shared heads are repeated.

Hunts for: heads that are tiled instead of repeated, and weights that were split into heads the wrong way.
Why it matters: such a model runs, has a loss, and is nobody's; 14 query heads on 2 are the case that most tests lack.
How it looks: text that is fluent and off, in models with fewer key/value heads than query heads alone.
If it strikes, suspect: tile for repeat, a reshape with the group in front; if those are sound, names at load.
Blind spots: kernels of an accelerator.
Sources: Ainslie et al. 2023, arXiv:2305.13245, section 2.2; nntile issue 347 (tests that passed with one head).
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from falsifiers.kernels.command import ours, shape
from falsifiers.law import one_law
from falsifiers.loop.record import finished
from falsifiers.oracles.decoder import Floats, logits
from falsifiers.program import CONFIG, weights, workshop, write_model
from falsifiers.tracing.saved import ids, outputs, trace

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FEWEST = 5
"""A case is a process of two seconds."""
SIZE = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Seed of weights and ids, query heads and key/value heads."""

    seed: int
    heads: tuple[int, int]


def cases(_subject: None) -> SearchStrategy[Case]:
    """1, 4, 7 and 8 to 1, and 7 to 1 with other weights."""
    from hypothesis import strategies as st

    ratios = [(2, 2), (8, 2), (14, 2), (16, 2), (14, 2)]
    return st.sampled_from([Case(seed=seed, heads=ratio) for seed, ratio in enumerate(ratios)])


def reading(_subject: None, case: Case) -> float:
    """Largest difference of two logits at any position, over the largest of the float64 model of repeated heads."""
    heads, shared = case.heads
    config = {**CONFIG, "hidden_size": heads * SIZE, "num_attention_heads": heads, "num_key_value_heads": shared}
    config |= {"num_hidden_layers": 2}
    tensors, tokens, folder = weights(case.seed, config), ids(case.seed), workshop() / "grouped-trace"
    shutil.rmtree(folder, ignore_errors=True)
    finished(trace(write_model(workshop() / "grouped", tensors, config), tokens, "--save", folder))
    repeated = {name: _repeated(name, array, heads // shared) for name, array in ours(tensors).items()}
    wanted = logits(repeated, replace(shape(config), num_kv_heads=heads), tokens[None])
    found = outputs(folder)[1]["logits"].astype(np.float64)
    return float(np.max(np.abs(found - wanted)) / np.max(np.abs(wanted)))


def _repeated(name: str, array: Floats, times: int) -> Floats:
    """Keys and values of [..., kv heads * size], each head repeated so many times in its place."""
    if name.rpartition(".")[2] not in {"wk", "wv", "bk", "bv"}:
        return array
    split = array.reshape(*array.shape[:-1], -1, SIZE)
    return np.repeat(split, times, axis=-2).reshape(*array.shape[:-1], -1)


FALSIFIER = one_law(__doc__, cases, reading, name=__name__, unit="1", tolerance=1e-4, fewest=FEWEST)
