"""Epsilon is the checkpoint's own, for each of two models that one process looks at.

Hunts for: an epsilon that is a constant, or that a cache of compiled kernels has kept from another model.
Why it matters: a kernel for 1e-6 that serves a model with 1e-5 is wrong by a factor on small vectors and nowhere else.
How it looks: the second model that a process loads is worse than the same model alone.
If it strikes, suspect: a default value, the key of a cache, a number written into a kernel's source.
Blind spots: caches that outlive the process; the compiled evaluator.
Sources: paiml/aprender issues 1601, 1602 and 1607, 2026: a kernel cache whose key lacked epsilon.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from falsifiers.kernels.opened import operations
from falsifiers.law import one_law
from falsifiers.program import CONFIG, VOCABULARY, weights, workshop, write_model

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

EPSILONS = (1e-4, 3e-5, 1e-5, 3e-6, 1e-6, 3e-7, 1e-7, 1e-8)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Epsilon of the first model, and of the second."""

    eps: float
    other: float


def cases(_subject: None) -> SearchStrategy[Case]:
    """Each epsilon after each other one."""
    from hypothesis import strategies as st

    return st.sampled_from([Case(eps=one, other=two) for one in EPSILONS for two in EPSILONS if one != two])


def reading(_subject: None, case: Case) -> float:
    """Largest distance of a norm's RMS from that of the definition, over the two models, one after the other.

    The mean square of every embedding is the first epsilon, and the weight of the norm is 1.
    """
    errors = (_rms(eps, case.eps) - np.sqrt(case.eps / (case.eps + eps)) for eps in (case.eps, case.other))
    return float(max(map(abs, errors)))


def _rms(eps: float, mean_square: float) -> float:
    found = operations(_model(eps, mean_square), range(8))["layers.0.attn_norm"]
    return float(np.sqrt(np.mean(found**2)))


def _model(eps: float, mean_square: float) -> Path:
    tensors = weights(0)
    signs = np.tile(np.array([1, -1], np.float32), CONFIG["hidden_size"] // 2)
    tensors["model.embed_tokens.weight"] = np.tile(signs * np.float32(np.sqrt(mean_square)), (VOCABULARY, 1))
    tensors["model.layers.0.input_layernorm.weight"] = np.ones_like(signs)
    folder = workshop() / f"eps-{eps}-{mean_square}"
    return folder if folder.exists() else write_model(folder, tensors, {**CONFIG, "rms_norm_eps": eps})


# float32 is off by 1e-7; another epsilon by 0.04 or more.
FALSIFIER = one_law(__doc__, cases, reading, name=__name__, unit="1", tolerance=1e-3)
