"""A step in micro-batches is the step; a masked document is alone in the world."""

from __future__ import annotations

import dataclasses
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aprtrain.config import ModelConfig, TrainConfig
from aprtrain.errors import InputError
from aprtrain.model import expected_params, forward, positions_of
from aprtrain.step import batch_loss, loss_and_gradients

MODEL = ModelConfig(
    vocab_size=37,
    hidden_size=16,
    num_layers=1,
    num_heads=4,
    num_kv_heads=2,
    head_dim=4,
    intermediate_size=24,
    max_positions=32,
    rope_theta=100.0,
    rms_norm_eps=1e-6,
    tie_word_embeddings=True,
    qkv_bias=True,
)
TRAIN = TrainConfig(batch_size=8, seq_length=12, loss_chunk=10)


DRAW = np.random.default_rng(0)
PARAMS = {
    name: jnp.asarray(DRAW.normal(scale=0.3, size=leaf.shape), jnp.float32)
    for name, leaf in expected_params(MODEL).items()
}
"""Large enough that attention is not uniform."""


def random_batch(seed: int, *, segments: bool = False) -> dict:
    draw = np.random.default_rng(seed)
    batch = {
        "window": draw.integers(0, MODEL.vocab_size, (8, 13), dtype=np.int32),
        "weights": (draw.random((8, 12)) < draw.random((8, 1))).astype(np.float32),
    }
    batch["weights"][0, 0] = 1
    return batch | {"segments": np.cumsum(draw.random((8, 13)) < 0.2, axis=1, dtype=np.int32)} if segments else batch


@jax.jit
def loss_of(batch):
    return batch_loss(PARAMS, MODEL, batch, jnp.sum(batch["weights"]), 96, jnp.float32)


@partial(jax.jit, static_argnums=0)
def gradients(accumulate: int, batch: dict):
    train = dataclasses.replace(TRAIN, accumulate=accumulate)
    return loss_and_gradients(PARAMS, MODEL, train, batch, jnp.float32)


@settings(max_examples=12)
@given(seed=st.integers(0, 1 << 20), accumulate=st.sampled_from([2, 8]))
def test_micro_batches_change_the_step(seed, accumulate):
    """Weights are unequal from window to window, so a mean of the micro-batches' means would be far off."""
    batch = random_batch(seed, segments=True)
    (loss, whole), (sum_loss, parts) = gradients(1, batch), gradients(accumulate, batch)
    assert float(sum_loss) == pytest.approx(float(loss), rel=1e-6)
    distance = sum(float(jnp.sum((parts[name] - leaf) ** 2)) for name, leaf in whole.items())
    size = sum(float(jnp.sum(leaf**2)) for leaf in whole.values())
    assert distance**0.5 <= 1e-6 * size**0.5


def test_a_mean_of_means_passes_for_the_mean():
    """The probe of the law above can see: the mean of the micro-batches' own means differs by far more."""
    batch = random_batch(3)
    ones = np.zeros((8, 1), np.float32)
    halves = [batch | {"weights": batch["weights"] * (ones + (np.arange(8) // 4 == half)[:, None])} for half in (0, 1)]
    assert abs(sum(float(loss_of(half)) for half in halves) / 2 - float(loss_of(batch))) > 1e-4


def test_a_batch_that_cannot_be_cut_evenly_is_cut():
    with pytest.raises(ValueError, match="batch_size=8 is no multiple of accumulate=3"):
        dataclasses.replace(TRAIN, accumulate=3)
    with pytest.raises(InputError, match="batch_size=8 is no multiple of accumulate=3"):
        TrainConfig.from_json("f", TRAIN.to_json() | {"accumulate": 3})


@settings(max_examples=25)
@given(cut=st.integers(1, 11), seed=st.integers(0, 1 << 20))
def test_a_masked_document_is_not_alone(cut, seed):
    """The second document's nats are those that it has by itself, whatever the first one is; without a mask not."""
    batch = random_batch(seed)
    batch["weights"] = np.broadcast_to(np.arange(12) >= cut, (8, 12)).astype(np.float32)
    segments = np.broadcast_to(np.arange(13) >= cut, (8, 13)).astype(np.int32)
    edited = batch["window"].copy()
    edited[:, :cut] = (edited[:, :cut] + 1) % MODEL.vocab_size

    def loss(window, **more):
        given = {"window": window, "weights": batch["weights"]} | more
        return float(loss_of(given))

    alone = np.concatenate([batch["window"][:, cut:], np.zeros((8, cut), np.int32)], axis=1)
    weights = np.broadcast_to(np.arange(12) < 12 - cut, (8, 12)).astype(np.float32)
    masked = loss(batch["window"], segments=segments)
    assert loss(edited, segments=segments) == masked
    assert masked == pytest.approx(float(loss_of({"window": alone, "weights": weights})), rel=1e-5)
    inputs, changed = batch["window"][:, :-1], edited[:, :-1]
    apart = forward(PARAMS, MODEL, jnp.asarray(inputs)) - forward(PARAMS, MODEL, jnp.asarray(changed))
    assert float(jnp.abs(apart[:, cut:]).max()) > 1e-4


def test_positions_do_not_start_again_in_a_document():
    segments = jnp.asarray([[0, 0, 1, 1, 1, 2], [0, 0, 0, 0, 0, 0]])
    np.testing.assert_array_equal(positions_of(segments), [[0, 1, 0, 1, 2, 0], [0, 1, 2, 3, 4, 5]])
