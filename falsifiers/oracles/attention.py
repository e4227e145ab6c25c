"""Causal attention over shared key/value heads, in float64, one query head at a time.

Sources: Vaswani et al. 2017, arXiv:1706.03762, equation 1; Ainslie et al. 2023, arXiv:2305.13245, section 2.2.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from falsifiers.oracles.decoder import Floats


def attention(q: npt.ArrayLike, k: npt.ArrayLike, v: npt.ArrayLike) -> Floats:
    """Outputs [b, t, heads, size] of q [b, t, heads, size] and k, v [b, t, kv heads, size]."""
    query, key, value = (np.asarray(x, np.float64) for x in (q, k, v))
    length, heads, size = query.shape[1:]
    group = heads // key.shape[2]
    outputs = np.empty_like(query)
    for head in range(heads):
        scores = query[:, :, head] @ key[:, :, head // group].swapaxes(1, 2) / np.sqrt(size)
        scores[:, np.triu(np.ones((length, length), bool), k=1)] = -np.inf
        weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
        outputs[:, :, head] = weights @ value[:, :, head // group] / weights.sum(axis=-1, keepdims=True)
    return outputs
