"""AdamW behind a clip of the global norm, with warm-up, a cosine, and no decay on norms and biases."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import optax

from aprtrain.config import TrainConfig

UNDECAYED = ("norm", "bq", "bk", "bv")


def learning_rate(train: TrainConfig, step: Any) -> jax.Array:
    """Linear up to the peak over the warm-up, then half a cosine down to `min_lr_ratio` of it."""
    warmup = min(train.warmup_steps, train.num_steps - 1)
    rising = (step + 1) / max(1, warmup)
    progress = jnp.clip((step - warmup) / max(1, train.num_steps - warmup), 0.0, 1.0)
    falling = train.min_lr_ratio + (1 - train.min_lr_ratio) * 0.5 * (1 + jnp.cos(jnp.pi * progress))
    return train.learning_rate * jnp.where(step < warmup, rising, falling)


def is_decayed(name: str) -> bool:
    """Whether weight decay pulls on the parameter of that dotted name."""
    return not name.rsplit(".", 1)[-1].endswith(UNDECAYED)


def global_norm(gradients: Any) -> jax.Array:
    """Root of the sum of all squares of a dict of vectors and matrices.

    Row by row, then all rows together: two hundred kernels fewer on a GPU than a sum for each array.
    """
    squares = (jnp.square(leaf) for leaf in gradients.values())
    rows = [square.sum(axis=-1) if square.ndim > 1 else square for square in squares]
    return jnp.sqrt(jnp.concatenate(rows).sum())


def clip_by_global_norm(limit: float) -> optax.GradientTransformation:
    """All gradients times one factor, where their norm together is above `limit`.

    Source: Pascanu et al. 2013, arXiv:1211.5063, algorithm 1.
    """

    def clip(gradients: Any, _: Any = None) -> Any:
        factor = jnp.minimum(1.0, limit / global_norm(gradients))
        return jax.tree.map(lambda leaf: leaf * factor, gradients)

    return optax.stateless(clip)


def make_optimizer(train: TrainConfig) -> optax.GradientTransformation:
    """The optimizer of a run, for parameters in a dict by dotted name."""
    return optax.chain(
        clip_by_global_norm(train.clip_norm),
        optax.adamw(
            lambda step: learning_rate(train, step),
            b1=train.beta1,
            b2=train.beta2,
            eps=train.epsilon,
            weight_decay=train.weight_decay,
            mask=lambda params: {name: is_decayed(name) for name in params},
        ),
    )
