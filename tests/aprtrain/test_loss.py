"""The chunked cross-entropy against the dense one, values and gradients."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aprtrain.loss import mean_cross_entropy, token_nats


def dense(hidden, head, targets):
    z = hidden @ head.T
    return (jax.nn.logsumexp(z, axis=-1) - jnp.take_along_axis(z, targets[:, None], axis=-1)[:, 0]).mean()


def case(seed, count=13, width=5, vocab=11, dtype=np.float32):
    draw = np.random.default_rng(seed)
    x, head = draw.normal(size=(count, width)), draw.normal(size=(vocab, width))
    return jnp.asarray(x, dtype), jnp.asarray(head, dtype), jnp.asarray(draw.integers(0, vocab, count))


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 1000), chunk=st.integers(1, 20), scale=st.sampled_from([1.0, 0.3]))
def test_chunks_change_the_loss_or_its_gradients(seed, chunk, scale):
    args = case(seed)
    wanted = jax.value_and_grad(lambda *a: scale * dense(*a), argnums=(0, 1))(*args)
    found = jax.value_and_grad(lambda *a: scale * mean_cross_entropy(*a, chunk), argnums=(0, 1))(*args)
    jax.tree.map(lambda a, b: np.testing.assert_allclose(a, b, atol=2e-6, rtol=2e-5), wanted, found)
    assert float(mean_cross_entropy(*args, chunk)) == pytest.approx(float(dense(*args)), rel=1e-5)


def test_float64_is_lost_on_the_way():
    with jax.enable_x64(True):
        args = case(1, dtype=np.float64)
        wanted = jax.value_and_grad(dense, argnums=(0, 1))(*args)
        found = jax.value_and_grad(mean_cross_entropy, argnums=(0, 1))(*args, 4)
        jax.tree.map(lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-14), wanted, found)


def test_bfloat16_products_leave_float32_head_gradients():
    x, head, targets = case(2, count=64, width=16, vocab=32)
    gradient = jax.grad(mean_cross_entropy, argnums=1)(x.astype(jnp.bfloat16), head, targets, 16)
    assert gradient.dtype == jnp.float32
    np.testing.assert_allclose(jax.grad(dense, argnums=1)(x, head, targets), gradient, atol=5e-3)


def test_logits_of_the_whole_batch_exist_at_once():
    x, head, targets = case(0, count=4096, width=8, vocab=512)
    text = str(jax.make_jaxpr(jax.grad(mean_cross_entropy), static_argnums=3)(x, head, targets, 256))
    assert "f32[256,512]" in text
    assert "f32[4096,512]" not in text


def test_token_nats_are_out_of_order():
    x, head, targets = case(5)
    one_by_one = [float(dense(x[i : i + 1], head, targets[i : i + 1])) for i in range(13)]
    np.testing.assert_allclose(one_by_one, token_nats(x, head, targets, 4), rtol=1e-5)
