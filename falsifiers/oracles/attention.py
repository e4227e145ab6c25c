"""Causal attention with shared key/value heads, and its gradients, in float64, one key/value head at a time.

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
    value = np.asarray(v, np.float64)
    return _joined([weights @ value[:, None, :, shared] for shared, weights in enumerate(_weights(q, k, window))])


def attention_gradients(
    q: npt.ArrayLike, k: npt.ArrayLike, v: npt.ArrayLike, cotangent: npt.ArrayLike, window: int | None = None
) -> tuple[Floats, Floats, Floats]:
    """Gradients of the product of the outputs with a cotangent of their shape, with regard to q, k and v."""
    query, key, value, slope = (np.asarray(x, np.float64) for x in (q, k, v, cotangent))
    root, shared_heads = np.sqrt(query.shape[-1]), key.shape[2]
    found: tuple[list[Floats], ...] = ([], [], [])
    for shared, weights in enumerate(_weights(q, k, window)):
        queries, slopes = (_group(x, shared, shared_heads) for x in (query, slope))
        d_weights = slopes @ value[:, None, :, shared].swapaxes(2, 3)
        d_weights -= np.einsum("bhts,bhts->bht", d_weights, weights)[..., None]
        d_scores = d_weights * weights / root
        found[0].append(d_scores @ key[:, None, :, shared])
        found[1].append(np.sum(d_scores.swapaxes(2, 3) @ queries, axis=1, keepdims=True))
        found[2].append(np.sum(weights.swapaxes(2, 3) @ slopes, axis=1, keepdims=True))
    d_query, d_key, d_value = (_joined(heads) for heads in found)
    return d_query, d_key, d_value


def attention_weights(q: npt.ArrayLike, k: npt.ArrayLike, window: int | None = None) -> Floats:
    """What each query gives to each key, [b, heads, queries, keys]."""
    return np.concatenate(list(_weights(q, k, window)), axis=1)


def _weights(q: npt.ArrayLike, k: npt.ArrayLike, window: int | None) -> Iterator[Floats]:
    """For each key/value head the weights [b, group, queries, keys] of the query heads that read it."""
    query, key = (np.asarray(x, np.float64) for x in (q, k))
    length = query.shape[1]
    back = np.arange(length)[:, None] - np.arange(length)
    hidden = np.where((back < 0) | (back >= (window or length)), -np.inf, 0.0)
    for shared in range(key.shape[2]):
        scores = _group(query, shared, key.shape[2]) @ key[:, None, :, shared].swapaxes(2, 3)
        scores /= np.sqrt(query.shape[-1])
        scores += hidden
        scores -= scores.max(axis=-1, keepdims=True)
        np.exp(scores, out=scores)
        yield scores / scores.sum(axis=-1, keepdims=True)


def _group(x: Floats, shared: int, shared_heads: int) -> Floats:
    """Of x [b, t, heads, size] the heads that read a key/value head, [b, group, t, size]."""
    group = x.shape[2] // shared_heads
    return x[:, :, shared * group : (shared + 1) * group].transpose(0, 2, 1, 3)


def _joined(groups: list[Floats]) -> Floats:
    """[b, t, heads, size] of groups of heads, each [b, group, t, size]."""
    return np.concatenate(groups, axis=1).transpose(0, 2, 1, 3)
