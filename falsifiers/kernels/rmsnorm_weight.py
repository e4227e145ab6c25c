"""Each entry of the weight multiplies its own entry of the result, as stored.

Hunts for: a weight that is stored as 1 + w, applied before the mean, or broadcast from one entry.
Why it matters: both conventions exist among published models, and a checkpoint of one loads into the other without an
error.
How it looks: activations twice as large after every norm of a loaded model.
If it strikes, suspect: the convention of Gemma, a slice of the weight, a transposed or reshaped norm.
Blind spots: the weight of another layer; that is for the ledger of tensors.
Sources: the RMSNorm of transformers' modeling_gemma multiplies by 1 + weight, that of modeling_llama by weight.
"""

from __future__ import annotations

import numpy as np

from falsifiers.kernels.draw import Case, cases
from falsifiers.kernels.trainer import call
from falsifiers.law import one_law


def reading(_subject: None, case: Case) -> float:
    """Largest distance from an output in which one entry, and no other bit, is doubled with its weight."""
    [size] = case.shape
    place = (case.seed + case.at) % size
    x, weight = case.normal(4, size), case.normal(size, scale=1.0, stream=1)
    doubled = weight.copy()
    doubled[place] *= 2
    expected = call("model.rms_norm", x, weight, 1e-6)
    expected[:, place] *= 2
    return float(np.max(np.abs(call("model.rms_norm", x, doubled, 1e-6) - expected)))


# Doubling is exact.
FALSIFIER = one_law(
    __doc__, cases((8,), (64,), (896,), (8192,), scale=(1e-3, 1e3), places=64), reading, name=__name__, unit="1"
)
