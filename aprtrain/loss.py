"""Cross-entropy from hidden states, a chunk of tokens at a time: the logits never exist all at once."""

from __future__ import annotations

from functools import partial
from typing import Any

import jax
import jax.numpy as jnp

Pair = tuple[jax.Array, jax.Array]


def mean_cross_entropy(hidden: jax.Array, head: jax.Array, targets: jax.Array, chunk: int) -> jax.Array:
    """Mean nats a target: hidden [n, d], head [V, d], targets [n]."""
    weights = jnp.ones(targets.shape, _wide(hidden))
    return cross_entropy(hidden, head, targets, weights, jnp.asarray(targets.size, weights.dtype), chunk)


@partial(jax.custom_vjp, nondiff_argnums=(5,))
def cross_entropy(
    hidden: jax.Array, head: jax.Array, targets: jax.Array, weights: jax.Array, total: jax.Array, chunk: int
) -> jax.Array:
    """Weighted sum of nats over `total`: hidden [n, d], head [V, d], targets and weights [n].

    With the sum of all weights of a step as `total`, its micro-batches add up to the step's weighted mean.
    The gradients of both are computed together with the loss, while a chunk's logits are at hand, so that
    nothing is computed twice; products and logits are in the dtype of `hidden`, sums in float32.
    """
    return jnp.sum(token_nats(hidden, head, targets, chunk) * weights) / total


def _forward(
    hidden: jax.Array, head: jax.Array, targets: jax.Array, weights: jax.Array, total: jax.Array, chunk: int
) -> tuple[jax.Array, Pair]:
    count = targets.shape[0]
    chunks = _chunked(hidden, targets, weights, chunk)

    def add(carry: Pair, part: tuple[jax.Array, jax.Array, jax.Array]) -> tuple[Pair, jax.Array]:
        nats, d_head = carry
        x, target, weight = part
        normaliser, chosen, z = _scores(x, head, target)
        hit = jnp.arange(z.shape[-1])[None, :] == target[:, None]
        dz = ((jnp.exp(z - normaliser[:, None]) - hit) * (weight[:, None] / total)).astype(x.dtype)
        d_head = d_head + jnp.einsum("nv,nd->vd", dz, x, preferred_element_type=d_head.dtype)
        dx = (dz @ head.astype(x.dtype)).astype(hidden.dtype)
        return (nats + jnp.sum((normaliser - chosen) * weight), d_head), dx

    wide = _wide(hidden)
    (nats, d_head), dx = jax.lax.scan(add, (jnp.zeros((), wide), jnp.zeros(head.shape, wide)), chunks)
    dx = dx.reshape(-1, hidden.shape[-1])[:count]
    return nats / total, (dx, d_head.astype(head.dtype))


def _backward(_chunk: int, gradients: Pair, cotangent: jax.Array) -> tuple[jax.Array, jax.Array, None, None, None]:
    dx, d_head = gradients
    return (dx * cotangent).astype(dx.dtype), (d_head * cotangent).astype(d_head.dtype), None, None, None


cross_entropy.defvjp(_forward, _backward)


def token_nats(hidden: jax.Array, head: jax.Array, targets: jax.Array, chunk: int) -> jax.Array:
    """Nats of each target [n], for evaluation: no gradients, one chunk's logits at a time."""

    def score(part: tuple[jax.Array, jax.Array, jax.Array]) -> jax.Array:
        x, target, _ = part
        normaliser, chosen, _ = _scores(x, head, target)
        return normaliser - chosen

    nats: jax.Array = jax.lax.map(score, _chunked(hidden, targets, jnp.ones(targets.shape), chunk))
    return nats.reshape(-1)[: targets.shape[0]]


def _wide(x: jax.Array) -> Any:
    return jnp.promote_types(x.dtype, jnp.float32)


def _scores(x: jax.Array, head: jax.Array, target: jax.Array) -> tuple[jax.Array, jax.Array, jax.Array]:
    """Log-sum-exp and target logit of each place [n], and all its logits [n, V], widened but rounded as `x` is."""
    z = (x @ head.astype(x.dtype).T).astype(_wide(x))
    normaliser = jax.nn.logsumexp(z, axis=-1)
    chosen = jnp.take_along_axis(z, target[:, None], axis=-1)[:, 0]
    return normaliser, chosen, z


def _chunked(
    hidden: jax.Array, targets: jax.Array, weights: jax.Array, chunk: int
) -> tuple[jax.Array, jax.Array, jax.Array]:
    """Hidden states, targets and weights cut into [chunks, chunk, …], filled up with weight 0."""
    count = targets.shape[0]
    chunk = min(chunk, count)
    padding = -count % chunk
    padded = jnp.pad(hidden, ((0, padding), (0, 0))).reshape(-1, chunk, hidden.shape[-1])
    weights = jnp.pad(weights.astype(_wide(hidden)), (0, padding)).reshape(-1, chunk)
    return padded, jnp.pad(targets, (0, padding)).reshape(-1, chunk), weights
