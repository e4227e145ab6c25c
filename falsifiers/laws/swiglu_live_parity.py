"""The feed-forward block of the run is the float64 block of the same input and of the weights on disk.

Hunts for: a block on the accelerator whose branches are swapped, or whose activation is another.
Why it matters: a model that is trained so from scratch is as good; one that was loaded is ruined.
How it looks: a loss of the init far above the published one, and no tensor that is missing.
If it strikes, suspect: the halves of a fused product, the activation's name, a weight that is read as another's.
Blind spots: errors below the rounding of the run's dtype; places of a sequence that were not looked at.
Sources: Shazeer 2020, arXiv:2002.05202, equation 5.
"""

from __future__ import annotations

import numpy as np

from falsifiers.forward import Case, cases, deviation, operations, weight, wide
from falsifiers.law import Law
from falsifiers.oracles.decoder import gate_up
from falsifiers.subject import SystemSubject

PLACES = 16
"""Places of the sequence, evenly spread, whose outputs are compared: each costs three products in float64."""


def reading(subject: SystemSubject, case: Case) -> float:
    """Largest distance of an output of the block from the float64 one, in shares of its norm."""
    seen, layer = operations(subject, case), f"layers.{case.layer}."
    entered, found = (wide(seen[name])[0] for name in ("mlp_norm", "mlp_out"))
    places = np.linspace(0, len(found) - 1, min(PLACES, len(found)), dtype=int)
    weights = {name: weight(subject, layer + name) for name in ("w_gate", "w_up", "w_down")}
    expected = gate_up(weights, entered[places]) @ weights["w_down"]
    return deviation(found[places], expected, over=-1)


# Sums over thousands of products are off by seventy roundings of float32; weights and results are stored five times.
LAW = Law(
    name="swiglu-live-parity",
    role="claim",
    evidence="system",
    unit="ratio",
    tolerance=1e-5,
    tolerance_bf16=2e-2,
    page=__doc__,
    strategy=cases,
    reading=reading,
)
