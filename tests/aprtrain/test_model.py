"""The forward pass against its definition, written out here in float64 NumPy."""

from __future__ import annotations

import dataclasses

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aprtrain import model
from aprtrain.config import ModelConfig

BASE = ModelConfig(
    vocab_size=50,
    hidden_size=12,
    num_layers=2,
    num_heads=6,
    num_kv_heads=2,
    head_dim=4,
    intermediate_size=20,
    max_positions=64,
    rope_theta=100.0,
    rms_norm_eps=1e-5,
    tie_word_embeddings=True,
    qkv_bias=True,
)


logits = jax.jit(model.logits, static_argnums=(1, 3))
rotate = jax.jit(model.rotate, static_argnums=1)


def random_params(config: ModelConfig, seed: int = 0) -> dict[str, np.ndarray]:
    draw = np.random.default_rng(seed)
    shapes = {name: leaf.shape for name, leaf in model.expected_params(config).items()}
    return {name: draw.normal(0, 0.5, shape).astype(np.float32) for name, shape in shapes.items()}


def defined_logits(params: dict[str, np.ndarray], config: ModelConfig, tokens: np.ndarray) -> np.ndarray:
    w = {name: leaf.astype(np.float64) for name, leaf in params.items()}
    length, hd, half = len(tokens), config.head_dim, config.head_dim // 2

    def norm(x, scale):
        return x / np.sqrt((x**2).mean(-1, keepdims=True) + config.rms_norm_eps) * scale

    def turn(x):
        out = np.empty_like(x)
        for position in range(length):
            for i in range(half):
                angle = position * config.rope_theta ** (-2 * i / hd)
                a, b = x[position, :, i], x[position, :, i + half]
                out[position, :, i] = a * np.cos(angle) - b * np.sin(angle)
                out[position, :, i + half] = b * np.cos(angle) + a * np.sin(angle)
        return out

    x = w["embed"][tokens]
    for layer in range(config.num_layers):
        at = lambda name, layer=layer: w[f"layers.{layer}.{name}"]  # noqa: E731
        h = norm(x, at("attn_norm"))
        q, k, v = h @ at("wq"), h @ at("wk"), h @ at("wv")
        if config.qkv_bias:
            q, k, v = q + at("bq"), k + at("bk"), v + at("bv")
        q, k, v = (y.reshape(length, -1, hd) for y in (q, k, v))
        q, k = turn(q), turn(k)
        mixed = np.zeros_like(q)
        for head in range(config.num_heads):
            source = head // (config.num_heads // config.num_kv_heads)
            for t in range(length):
                scores = k[: t + 1, source] @ q[t, head] / np.sqrt(hd)
                share = np.exp(scores - scores.max())
                mixed[t, head] = (share / share.sum()) @ v[: t + 1, source]
        x = x + mixed.reshape(length, -1) @ at("wo")
        h = norm(x, at("mlp_norm"))
        gate = h @ at("w_gate")
        x = x + (gate / (1 + np.exp(-gate)) * (h @ at("w_up"))) @ at("w_down")
    return norm(x, w["norm"]) @ w["embed" if config.tie_word_embeddings else "head"].T


@pytest.mark.parametrize("tied", [True, False])
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("kv_heads", [1, 2, 6])
def test_forward_departs_from_its_definition(tied, bias, kv_heads):
    config = dataclasses.replace(BASE, tie_word_embeddings=tied, qkv_bias=bias, num_kv_heads=kv_heads)
    params = random_params(config)
    tokens = np.random.default_rng(1).integers(0, config.vocab_size, (2, 33))
    found = logits(params, config, tokens)
    for row in range(2):
        np.testing.assert_allclose(defined_logits(params, config, tokens[row]), found[row], atol=2e-3, rtol=1e-4)


@settings(max_examples=20)
@given(place=st.integers(1, 15), token=st.integers(0, 49), seed=st.integers(0, 99))
def test_a_later_token_changes_an_earlier_logit(place, token, seed):
    params = random_params(BASE)
    tokens = np.random.default_rng(seed).integers(0, 50, (1, 16))
    other = tokens.copy()
    other[0, place] = token
    before, after = (np.asarray(logits(params, BASE, one)) for one in (tokens, other))
    np.testing.assert_array_equal(before[0, :place], after[0, :place])
    if token != tokens[0, place]:
        assert np.abs(before[0, place:] - after[0, place:]).max() > 1e-4


@settings(max_examples=20)
@given(shift=st.integers(0, 40), seed=st.integers(0, 99))
def test_rotary_scores_depend_on_more_than_the_distance(shift, seed):
    q, k = np.random.default_rng(seed).normal(size=(2, 1, 64, 1, 8)).astype(np.float32)
    q[:], k[:] = q[:, :1], k[:, :1]
    turned_q, turned_k = np.asarray(rotate(q, 50.0)), np.asarray(rotate(k, 50.0))
    score = lambda i, j: float(turned_q[0, i, 0] @ turned_k[0, j, 0])  # noqa: E731
    np.testing.assert_allclose(score(9, 4), score(9 + shift, 4 + shift), atol=1e-3)
    np.testing.assert_array_equal(np.asarray(rotate(q, 50.0))[0, 0], q[0, 0])


def test_names_and_shapes_are_not_those_of_the_format():
    expected = {name: leaf.shape for name, leaf in model.expected_params(BASE).items()}
    layer = {
        "attn_norm": (12,),
        "wq": (12, 24),
        "wk": (12, 8),
        "wv": (12, 8),
        "bq": (24,),
        "bk": (8,),
        "bv": (8,),
        "wo": (24, 12),
        "mlp_norm": (12,),
        "w_gate": (12, 20),
        "w_up": (12, 20),
        "w_down": (20, 12),
    }
    layers = {f"layers.{i}.{name}": shape for i in range(2) for name, shape in layer.items()}
    assert expected == {"embed": (50, 12), "norm": (12,)} | layers
    untied = model.expected_params(dataclasses.replace(BASE, tie_word_embeddings=False))
    assert untied["head"].shape == (50, 12)


def test_fresh_parameters_repeat_or_do_not_guess_uniformly():
    config = BASE
    params = model.initial_params(config, 3)
    again, other = model.initial_params(config, 3), model.initial_params(config, 4)
    assert all(np.array_equal(leaf, again[name]) for name, leaf in params.items())
    assert not np.array_equal(params["embed"], other["embed"])
    drawn = [np.asarray(leaf).ravel()[:50] for name, leaf in params.items() if leaf.ndim == 2]
    assert len({row.tobytes() for row in drawn}) == len(drawn)
    z = logits(params, config, np.arange(50)[None])
    nats = jax.nn.logsumexp(z, axis=-1).mean() - z.mean()
    assert float(nats) == pytest.approx(np.log(50), abs=0.02)


def test_bfloat16_compute_strays_from_float32():
    params = random_params(BASE)
    tokens = np.arange(20)[None]
    wide, narrow = (np.asarray(logits(params, BASE, tokens, dtype)) for dtype in (jnp.float32, jnp.bfloat16))
    assert narrow.dtype == np.float32
    assert 1e-5 < np.abs(wide - narrow).mean() / np.abs(wide).mean() < 0.05
