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

from falsifiers.kernels.command import traced
from falsifiers.law import one_law
from falsifiers.program import CONFIG, VOCABULARY, weights, workshop, write_model

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FEWEST = 5
"""A case is a process of two seconds."""
EPSILONS = (1e-5, 1e-6, 1e-8)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Epsilon of the model that is traced, and of the one it is compared with."""

    eps: float
    other: float


def cases(_subject: None) -> SearchStrategy[Case]:
    """Each epsilon after each other one."""
    from hypothesis import strategies as st

    return st.sampled_from([Case(eps=one, other=two) for one in EPSILONS for two in EPSILONS if one != two])


def reading(_subject: None, case: Case) -> float:
    """Distance of the first model's RMS from sqrt(1/2), and of the ratio of the two from that of the definition.

    The mean square of every embedding is the first epsilon, half of its entries have the other sign, and the weight of
    the norm is 1: then the RMS of the norm is the deviation that is shown.
    """
    out = traced(_model(case.eps, case.eps), range(8), "--reference", _model(case.other, case.eps))
    row = next(line.split() for line in out.splitlines() if line.startswith("layers.0.attn_norm "))
    deviation, ratio = float(row[2]), float(row[5])
    wanted = np.sqrt((case.eps + case.other) / (2 * case.eps))
    return float(max(abs(deviation - np.sqrt(0.5)), abs(ratio / wanted - 1)))


def _model(eps: float, mean_square: float) -> Path:
    tensors = weights(0)
    signs = np.tile(np.array([1, -1], np.float32), CONFIG["hidden_size"] // 2)
    tensors["model.embed_tokens.weight"] = np.tile(signs * np.float32(np.sqrt(mean_square)), (VOCABULARY, 1))
    tensors["model.layers.0.input_layernorm.weight"] = np.ones_like(signs)
    folder = workshop() / f"eps-{eps}-{mean_square}"
    return folder if folder.exists() else write_model(folder, tensors, {**CONFIG, "rms_norm_eps": eps})


# Both numbers are shown with four digits; another epsilon gives 0.30, 0.95 or more.
FALSIFIER = one_law(__doc__, cases, reading, name=__name__, unit="1", tolerance=1e-3, fewest=FEWEST)
