"""The chunked cross-entropy against the dense one, values and gradients."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
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


scaled_dense = jax.jit(jax.value_and_grad(lambda scale, *a: scale * dense(*a), argnums=(1, 2)))
scaled_chunks = jax.jit(
    jax.value_and_grad(lambda scale, *a: scale * mean_cross_entropy(*a), argnums=(1, 2)), static_argnums=4
)


@settings(max_examples=40)
@given(seed=st.integers(0, 1000), chunk=st.sampled_from([1, 5, 13, 20]), scale=st.floats(0.1, 3))
def test_chunks_change_the_loss_or_its_gradients(seed, chunk, scale):
    args = case(seed)
    wanted, found = scaled_dense(scale, *args), scaled_chunks(scale, *args, chunk)
    jax.tree.map(lambda a, b: np.testing.assert_allclose(a, b, atol=2e-6, rtol=2e-5), wanted, found)


def test_float64_is_lost_on_the_way():
    with jax.enable_x64(True):
        args = case(1, dtype=np.float64)
        wanted = jax.jit(jax.value_and_grad(dense, argnums=(0, 1)))(*args)
        found = jax.jit(jax.value_and_grad(mean_cross_entropy, argnums=(0, 1)), static_argnums=3)(*args, 4)
        jax.tree.map(lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-14), wanted, found)


def test_bfloat16_products_leave_float32_head_gradients():
    x, head, targets = case(2, count=64, width=16, vocab=32)
    gradient = jax.jit(jax.grad(mean_cross_entropy, argnums=1), static_argnums=3)(
        x.astype(jnp.bfloat16), head, targets, 16
    )
    assert gradient.dtype == jnp.float32
    np.testing.assert_allclose(jax.jit(jax.grad(dense, argnums=1))(x, head, targets), gradient, atol=5e-3)


def test_logits_of_the_whole_batch_exist_at_once():
    x, head, targets = case(0, count=4096, width=8, vocab=512)
    text = str(jax.make_jaxpr(jax.grad(mean_cross_entropy), static_argnums=3)(x, head, targets, 256))
    assert "f32[256,512]" in text
    assert "f32[4096,512]" not in text


def test_token_nats_are_out_of_order():
    x, head, targets = case(5)
    z = np.asarray(x, np.float64) @ np.asarray(head, np.float64).T
    wanted = np.log(np.exp(z).sum(1)) - z[np.arange(13), targets]
    found = jax.jit(token_nats, static_argnums=3)(x, head, targets, 4)
    np.testing.assert_allclose(wanted, found, rtol=1e-5)
