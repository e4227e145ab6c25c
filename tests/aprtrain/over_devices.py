"""Prints how far the gradients of a batch of unequal weights are from one device, for each way to spread it."""

from __future__ import annotations

import dataclasses
import json
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np

from aprtrain.config import ModelConfig, TrainConfig
from aprtrain.mesh import layout_of
from aprtrain.model import expected_params
from aprtrain.step import initial_state, loss_and_gradients, make_step

MODEL = ModelConfig(
    vocab_size=64,
    hidden_size=64,
    num_layers=2,
    num_heads=4,
    num_kv_heads=2,
    head_dim=16,
    intermediate_size=96,
    max_positions=32,
    rope_theta=100.0,
    rms_norm_eps=1e-6,
    tie_word_embeddings=True,
    qkv_bias=True,
)
TRAIN = TrainConfig(batch_size=16, seq_length=12, loss_chunk=40, warmup_steps=0, clip_norm=0.5)


def main() -> None:
    """One JSON line a way."""
    draw = np.random.default_rng(0)
    shapes = expected_params(MODEL)
    params = {name: draw.normal(scale=0.2, size=leaf.shape).astype(np.float32) for name, leaf in shapes.items()}
    weights = (draw.random((16, 12)) < draw.random((16, 1))).astype(np.float32)
    weights[:2] = 0
    weights[0, 0] = weights[-1] = 1
    batch = {"window": draw.integers(0, 64, (16, 13), dtype=np.int32), "weights": weights}
    one = found(params, batch, TRAIN, None)
    for devices, shard, accumulate in ((2, False, 1), (4, True, 1), (8, False, 2), (8, True, 2)):
        if devices > jax.device_count():
            continue
        layout = layout_of(devices, shard=shard)
        several = found(params, batch, dataclasses.replace(TRAIN, accumulate=accumulate), layout)
        parts = sum(is_cut(leaf) for leaf in layout.place(params).values())
        print(json.dumps({"devices": devices, "shard": shard, "cut": parts, **distances(one, several)}))
    halves = [found(params, {name: part[half] for name, part in batch.items()}, TRAIN, None) for half in HALVES]
    print(json.dumps({"devices": 0, **distances(one, jax.tree.map(lambda *two: sum(two) / 2, *halves))}))


HALVES = (slice(0, 8), slice(8, 16))


def is_cut(leaf: jax.Array) -> bool:
    """Whether no device holds it whole."""
    return not leaf.sharding.is_fully_replicated


def found(params, batch, train, layout):
    """Loss, gradients, and the state after a step."""
    place, spread = (layout.place, layout.spread) if layout else (jax.device_put, dict)
    slopes = jax.jit(partial(loss_and_gradients, config=MODEL, train=train, dtype=jnp.float32, layout=layout))
    loss, gradients = slopes(place(params), batch=spread(batch))
    step = make_step(MODEL, train, jnp.float32, layout)
    state, metrics = step(place(initial_state(params, train)), spread(batch))
    return jax.tree.map(
        lambda leaf: np.asarray(leaf, np.float64), {"loss": loss, "slopes": gradients, "state": state, "of": metrics}
    )


def distances(one, other) -> dict[str, float]:
    """Relative to the size of all arrays together, by part."""
    found = {}
    for part, whole in one.items():
        pairs = list(zip(jax.tree.leaves(whole), jax.tree.leaves(other[part]), strict=True))
        found[part] = (sum(((a - b) ** 2).sum() for a, b in pairs) / sum((a**2).sum() for a, _ in pairs)) ** 0.5
    return found


if __name__ == "__main__":
    main()
