"""Causal attention with shared key/value heads, and its gradients, in float64, one query head at a time.

Sources: Vaswani et al. 2017, arXiv:1706.03762, equation 1; Ainslie et al. 2023, arXiv:2305.13245, section 2.2; for the
gradients Dao et al. 2022, arXiv:2205.14135, appendix B.2.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from falsifiers.oracles.decoder import Floats


def attention(q: npt.ArrayLike, k: npt.ArrayLike, v: npt.ArrayLike, window: int | None = None) -> Floats:
    """Outputs [b, t, heads, size] of q [b, t, heads, size] and k, v [b, t, kv heads, size].

    A query sees its own place and those before it; with a window no more than so many.
    """
    outputs = np.empty_like(np.asarray(q, np.float64))
    for head, shared, weights in _weights(q, k, window):
        outputs[:, :, head] = weights @ np.asarray(v, np.float64)[:, :, shared]
    return outputs


def attention_gradients(
    q: npt.ArrayLike, k: npt.ArrayLike, v: npt.ArrayLike, cotangent: npt.ArrayLike, window: int | None = None
) -> tuple[Floats, Floats, Floats]:
    """Gradients of the product of the outputs with a cotangent of their shape, with regard to q, k and v."""
    query, key, value, slope = (np.asarray(x, np.float64) for x in (q, k, v, cotangent))
    d_query, d_key, d_value = (np.zeros_like(x) for x in (query, key, value))
    root = np.sqrt(query.shape[-1])
    for head, shared, weights in _weights(q, k, window):
        d_weights = slope[:, :, head] @ value[:, :, shared].swapaxes(1, 2)
        d_scores = weights * (d_weights - np.sum(d_weights * weights, axis=-1, keepdims=True)) / root
        d_query[:, :, head] = d_scores @ key[:, :, shared]
        d_key[:, :, shared] += d_scores.swapaxes(1, 2) @ query[:, :, head]
        d_value[:, :, shared] += weights.swapaxes(1, 2) @ slope[:, :, head]
    return d_query, d_key, d_value


def attention_weights(q: npt.ArrayLike, k: npt.ArrayLike, window: int | None = None) -> Floats:
    """What each query gives to each key, [b, heads, queries, keys]."""
    return np.stack([weights for _, _, weights in _weights(q, k, window)], axis=1)


def _weights(q: npt.ArrayLike, k: npt.ArrayLike, window: int | None) -> Iterator[tuple[int, int, Floats]]:
    """Each query head, the key/value head that it reads, and its weights [b, queries, keys]."""
    query, key = (np.asarray(x, np.float64) for x in (q, k))
    length, heads, size = query.shape[1:]
    group = heads // key.shape[2]
    back = np.arange(length)[:, None] - np.arange(length)
    hidden = (back < 0) | (back >= (window or length))
    for head in range(heads):
        scores = query[:, :, head] @ key[:, :, head // group].swapaxes(1, 2) / np.sqrt(size)
        scores[:, hidden] = -np.inf
        weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
        yield head, head // group, weights / weights.sum(axis=-1, keepdims=True)
