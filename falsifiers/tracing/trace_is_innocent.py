"""A model that is traced gives the logits of the same model untraced.

Hunts for: an operation that the trace computes otherwise than the model, or rounds on its way.
Why it matters: what the trace shows would be another program's, and the fault that is sought is not in it.
How it looks: a trace that finds nothing in a model that is wrong, or a fault that is gone while it is watched.
If it strikes, suspect: a second forward pass written for tracing, a tap that casts, dropout that is still on.
Blind spots: fusions of an accelerator; models of other sizes.
Sources: Gray 1985, "Why do computers stop", section 4: faults that vanish when they are looked at.
"""

from __future__ import annotations

import numpy as np

from falsifiers.kernels.draw import Case, cases
from falsifiers.kernels.trainer import call, find, model, parameters
from falsifiers.law import one_law

ALLOWED = 1e-5
"""Of the largest logit, in float32 on a CPU; the compiled program fuses what the traced one does not."""
SHAPES = ((1, 4, 4), (1, 4, 1), (2, 8, 2))
"""Layers, query heads, key/value heads."""
BATCH, LENGTH = 2, 24


def reading(_subject: None, case: Case) -> float:
    """Largest difference of two logits, traced and compiled, in units of what float32 allows."""
    layers, heads, shared = case.shape
    config = model(num_layers=layers, num_heads=heads, num_kv_heads=shared, qkv_bias=True)
    weights = parameters(config, case, std=case.scale)
    ids = np.random.default_rng(case.seed).integers(0, config.vocab_size, (BATCH, LENGTH)).astype(np.int32)
    traced = np.asarray(find("trace.listen")(weights, config, ids, lambda _name, _x: None)).astype(np.float64)
    plain = call("model.logits", weights, config, ids, static=(1,))
    return float(np.max(np.abs(traced - plain)) / np.max(np.abs(plain)) / ALLOWED)


FALSIFIER = one_law(__doc__, cases(*SHAPES, scale=(0.1, 0.5)), reading, name=__name__, unit="ratio", tolerance=1.0)
