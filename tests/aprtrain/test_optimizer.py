"""AdamW against its closed form, and the schedule against its corners."""

from __future__ import annotations

from itertools import pairwise

import jax.numpy as jnp
import numpy as np
import optax
import pytest

from aprtrain.config import TrainConfig
from aprtrain.optimizer import is_decayed, learning_rate, make_optimizer

TRAIN = TrainConfig(num_steps=20, warmup_steps=4, learning_rate=0.1, weight_decay=0.3)


def test_updates_depart_from_the_closed_form():
    names = ("layers.0.wq", "layers.0.bq", "layers.0.attn_norm", "norm")
    draw = np.random.default_rng(0)
    params = {name: draw.normal(size=3) for name in names}
    state = make_optimizer(TRAIN).init({name: jnp.asarray(leaf, jnp.float32) for name, leaf in params.items()})
    found = {name: jnp.asarray(leaf, jnp.float32) for name, leaf in params.items()}
    first, second = ({name: np.zeros(3) for name in names} for _ in range(2))
    for step in range(3):
        gradients = {name: draw.normal(size=3) * 10**step for name in names}
        norm = np.sqrt(sum((g**2).sum() for g in gradients.values()))
        lr = float(learning_rate(TRAIN, step))
        for name in names:
            g = gradients[name] / max(1.0, norm / TRAIN.clip_norm)
            first[name] = TRAIN.beta1 * first[name] + (1 - TRAIN.beta1) * g
            second[name] = TRAIN.beta2 * second[name] + (1 - TRAIN.beta2) * g**2
            m = first[name] / (1 - TRAIN.beta1 ** (step + 1))
            v = second[name] / (1 - TRAIN.beta2 ** (step + 1))
            decay = TRAIN.weight_decay if name.endswith("wq") else 0.0
            params[name] = params[name] - lr * (m / (np.sqrt(v) + TRAIN.epsilon) + decay * params[name])
        wide = {name: jnp.asarray(g, jnp.float32) for name, g in gradients.items()}
        updates, state = make_optimizer(TRAIN).update(wide, state, found)
        found = optax.apply_updates(found, updates)
    for name in names:
        np.testing.assert_allclose(params[name], found[name], rtol=2e-5, atol=1e-6)


def test_schedule_misses_its_corners():
    rates = [float(learning_rate(TRAIN, step)) for step in range(21)]
    assert rates[:5] == pytest.approx([0.025, 0.05, 0.075, 0.1, 0.1])
    assert rates[20] == pytest.approx(0.1 * TRAIN.min_lr_ratio)
    assert all(a >= b for a, b in pairwise(rates[4:]))


def test_norms_and_biases_decay():
    assert is_decayed("embed")
    assert is_decayed("layers.3.w_down")
    assert not any(map(is_decayed, ("norm", "layers.0.mlp_norm", "layers.0.bk", "layers.1.bv")))
