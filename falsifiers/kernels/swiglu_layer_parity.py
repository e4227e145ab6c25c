"""What a loaded model multiplies in each layer, silu of the gate by up, is what the float64 model multiplies.

Hunts for: a gate and an up that changed places on the way from the file, or a layer that got another's weights.
Why it matters: the product is where a deviation is seen first, and without a reference none of them is an anomaly.
How it looks: a standard deviation 17 times that of the layer before, in a model that may be sound.
If it strikes, suspect: names of tensors, the halves of a fused product, the activation, then all that is before it.
Blind spots: deviations that keep mean, deviation and largest size; the compiled program.
Sources: Shazeer 2020, arXiv:2002.05202, equation 5.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from falsifiers.kernels.command import ours, shape, traced
from falsifiers.law import one_law
from falsifiers.oracles.decoder import gated
from falsifiers.program import CONFIG, VOCABULARY, weights, workshop, write_model

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FEWEST = 5
"""A case is a process of two seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Seed of weights and ids, and the first of the positions that are looked at."""

    seed: int
    first: int


def cases(_subject: None) -> SearchStrategy[Case]:
    """All positions, and the last few."""
    from hypothesis import strategies as st

    return st.builds(Case, seed=st.integers(0, 9), first=st.sampled_from([0, 20]))


def reading(_subject: None, case: Case) -> float:
    """Largest difference of mean, deviation and largest size of the product in any layer, in shares of its RMS."""
    config = {**CONFIG, "num_hidden_layers": 2}
    tensors = weights(case.seed, config)
    ids = np.random.default_rng(case.seed).integers(0, VOCABULARY, 24)
    at = ("--positions", str(case.first), "24", "--json")
    found = json.loads(traced(write_model(workshop() / "two-layers", tensors, config), ids.tolist(), *at))
    shown = {row["name"]: row for row in found["rows"]}
    worst = 0.0
    for layer, product in enumerate(gated(ours(tensors), shape(config), ids[None])):
        part, row = product[:, case.first :], shown[f"layers.{layer}.gate_up"]
        wanted = {"mean": part.mean(), "std": part.std(), "largest": np.abs(part).max()}
        gaps = [abs(row[name] - value) for name, value in wanted.items()]
        worst = max(worst, *(float(gap / np.sqrt(np.mean(part**2))) for gap in gaps))
    return worst


# float32 sums of 16 and 24 terms in two layers: some 1e-6 of the product.
FALSIFIER = one_law(__doc__, cases, reading, name=__name__, unit="ratio", tolerance=1e-3, fewest=FEWEST)
