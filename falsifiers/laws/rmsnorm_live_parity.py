"""Every norm of the run is the float64 norm of what went in, with the weight and the epsilon of the checkpoint.

Hunts for: a norm on the accelerator with statistics of few bits or of another axis, or with another weight.
Why it matters: every later operation rescales what it gets, so that a run with another norm trains.
How it looks: a loss of the init that is off by tenths, or a checkpoint that is worse elsewhere.
If it strikes, suspect: the dtype of the mean square, a mean that is subtracted, a weight that is an offset from 1.
Blind spots: epsilon, where vectors are large; errors below the rounding of the run's dtype.
Sources: Zhang and Sennrich 2019, arXiv:1910.07467, equation 4.
"""

from __future__ import annotations

import numpy as np

from falsifiers.forward import Case, cases, deviation, operations, shape, weight, wide
from falsifiers.law import Law
from falsifiers.oracles.decoder import rms_norm
from falsifiers.subject import SystemSubject

ENTERS = {"attn_norm": "input", "q_norm": "q", "k_norm": "k", "mlp_norm": "attn_residual"}
"""The norms of a layer, and the operation whose output each of them takes."""


def reading(subject: SystemSubject, case: Case) -> float:
    """Largest distance of a normed vector of the layer from the float64 one, in shares of its norm."""
    seen, eps = operations(subject, case), shape(subject).rms_norm_eps
    apart = [
        deviation(
            wide(seen[name]),
            rms_norm(wide(seen[enters]), weight(subject, f"layers.{case.layer}.{name}"), eps),
            over=-1,
        )
        for name, enters in ENTERS.items()
        if name in seen
    ]
    return float(np.max(apart))


# A norm is rounded where its input is stored, in its mean and at its end: three times 6e-8, or twice 4e-3.
LAW = Law(
    name="rmsnorm-live-parity",
    role="claim",
    evidence="system",
    unit="ratio",
    tolerance=1e-5,
    tolerance_bf16=2e-2,
    page=__doc__,
    strategy=cases,
    reading=reading,
)
