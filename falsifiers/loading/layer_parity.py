"""Each product of each layer is its input times the file's matrix, also where every matrix is square.

Hunts for: a matrix that is used the wrong way round, or in the place of another.
Why it matters: a square matrix fits either way, so that no shape and no name tells.
How it looks: a product of the right size that misses the right one by its whole norm.
If it strikes, suspect: a layout that is decided by shape, a transposition at one border only, two names exchanged.
Blind spots: symmetric matrices; the compiled program.
Sources: contracts/tensor-layout-v1.yaml; public pull request 1579 of paiml/aprender.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from falsifiers.kernels.command import ours
from falsifiers.law import one_law
from falsifiers.loop.record import finished
from falsifiers.program import CONFIG, weights, workshop, write_model
from falsifiers.tracing.saved import ids, outputs, trace

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FEWEST = 5
"""A case is a process of two seconds."""
PRODUCTS: Final = {
    "q": ("attn_norm", "wq"),
    "k": ("attn_norm", "wk"),
    "v": ("attn_norm", "wv"),
    "attn_out": ("attention", "wo"),
    "gate": ("mlp_norm", "w_gate"),
    "up": ("mlp_norm", "w_up"),
    "mlp_out": ("gate_up", "w_down"),
}
"""The operation that gives a product, the one that gives its input, and the matrix."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Seed of the weights, key/value heads of 4, and width of the feed-forward block."""

    seed: int
    kv_heads: int
    inner: int


def cases(_subject: None) -> SearchStrategy[Case]:
    """Matrices that are square all of them, some, or hardly any."""
    from hypothesis import strategies as st

    return st.builds(Case, seed=st.integers(0, 9), kv_heads=st.sampled_from([4, 2]), inner=st.sampled_from([16, 24]))


def reading(_subject: None, case: Case) -> float:
    """Largest distance of a product from that of its traced input and the file's matrix in float64, in its norm."""
    more = {"num_hidden_layers": 2, "num_key_value_heads": case.kv_heads, "intermediate_size": case.inner}
    config, folder = {**CONFIG, **more}, workshop() / "parity-trace"
    tensors = weights(case.seed, config)
    shutil.rmtree(folder, ignore_errors=True)
    finished(trace(write_model(workshop() / "parity", tensors, config), ids(case.seed, 24), "--save", folder))
    found = {name: array.astype(np.float64) for name, array in outputs(folder)[1].items()}
    held, worst = ours(tensors), 0.0
    for at in ("layers.0.", "layers.1."):
        for product, (source, matrix) in PRODUCTS.items():
            wanted = found[at + source] @ held[at + matrix] + held.get(f"{at}b{product}", 0.0)
            apart = np.linalg.norm(found[at + product].reshape(wanted.shape) - wanted)
            worst = max(worst, float(apart / np.linalg.norm(wanted)))
    return worst


FALSIFIER = one_law(__doc__, cases, reading, name=__name__, unit="ratio", tolerance=1e-3, fewest=FEWEST)
