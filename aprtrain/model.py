"""The decoder: its parameters as a Flax module, its arithmetic as a pure function of named arrays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import accumulate
from typing import Any

import jax
import jax.numpy as jnp
from flax import nnx

from aprtrain.config import ModelConfig, RopeScaling
from aprtrain.device import one_order

Params = dict[str, jax.Array]
"""Dotted leaf name to array; one array a layer."""
Tap = Callable[[str, str, jax.Array], jax.Array]
"""Is shown each operation's layer (`layers.3.`, or nothing), its name and its output, and hands the output on."""

INIT_STD = 0.02


class Block(nnx.Module):  # type: ignore[misc]
    """The parameters of one layer, drawn from N(0, 0.02²).

    Those that write to the residual stream are scaled by (2 · layers)^-1/2.
    Source: Radford et al. 2019, "Language Models are Unsupervised Multitask Learners", section 2.3.
    """

    def __init__(self, config: ModelConfig, rngs: nnx.Rngs) -> None:
        d, hd, f = config.hidden_size, config.head_dim, config.intermediate_size
        q, kv = config.num_heads * hd, config.num_kv_heads * hd
        out = INIT_STD / (2 * config.num_layers) ** 0.5
        self.attn_norm = nnx.Param(jnp.ones(d))
        self.wq, self.wk, self.wv = (_normal(rngs, (d, n)) for n in (q, kv, kv))
        if config.qkv_bias:
            self.bq, self.bk, self.bv = (nnx.Param(jnp.zeros(n)) for n in (q, kv, kv))
        if config.qk_norm:
            self.q_norm, self.k_norm = nnx.Param(jnp.ones(hd)), nnx.Param(jnp.ones(hd))
        self.wo = _normal(rngs, (q, d), out)
        self.mlp_norm = nnx.Param(jnp.ones(d))
        self.w_gate, self.w_up = _normal(rngs, (d, f)), _normal(rngs, (d, f))
        self.w_down = _normal(rngs, (f, d), out)


class Decoder(nnx.Module):  # type: ignore[misc]
    """The parameters of the whole model."""

    def __init__(self, config: ModelConfig, rngs: nnx.Rngs) -> None:
        self.embed = _normal(rngs, (config.vocab_size, config.hidden_size))
        self.layers = nnx.List([Block(config, rngs) for _ in range(config.num_layers)])
        self.norm = nnx.Param(jnp.ones(config.hidden_size))
        if not config.tie_word_embeddings:
            self.head = _normal(rngs, (config.vocab_size, config.hidden_size))


def _normal(rngs: nnx.Rngs, shape: tuple[int, ...], std: float = INIT_STD) -> Any:
    return nnx.Param(_draw(rngs.params(), shape, std))


@partial(jax.jit, static_argnums=(1, 2))
def _draw(key: jax.Array, shape: tuple[int, ...], std: float) -> jax.Array:
    return std * jax.random.normal(key, shape, jnp.float32)


def initial_params(config: ModelConfig, seed: jax.Array | int) -> Params:
    """Freshly drawn float32 parameters."""
    state = nnx.to_pure_dict(nnx.state(Decoder(config, nnx.Rngs(jax.random.key(seed))), nnx.Param))
    flat, _ = jax.tree_util.tree_flatten_with_path(state)
    return {".".join(str(part.key) for part in path): leaf for path, leaf in flat}


def expected_params(config: ModelConfig) -> dict[str, jax.ShapeDtypeStruct]:
    """Name, shape and dtype of every parameter, without allocating any."""
    return dict(jax.eval_shape(lambda: initial_params(config, 0)))


def rms_norm(x: jax.Array, scale: jax.Array, eps: float) -> jax.Array:
    """`x` over its root mean square, times `scale`; computed in float32, returned in x's dtype."""
    wide = x.astype(jnp.float32)
    normed = wide * jax.lax.rsqrt(jnp.mean(wide * wide, axis=-1, keepdims=True) + eps)
    return (normed * scale).astype(x.dtype)


def frequencies(half: int, theta: float, scaling: RopeScaling | None) -> jax.Array:
    """Radians a position, of each of the `half` pairs of a head.

    Sources: linear: Chen et al. 2023, arXiv:2306.15595, eq. 4; llama3: `_compute_llama3_parameters` of transformers.
    """
    frequency = theta ** (-jnp.arange(half, dtype=jnp.float32) / half)
    if scaling is None:
        return frequency
    if scaling.kind == "linear":
        return frequency / scaling.factor
    low, high, first = scaling.low_freq_factor, scaling.high_freq_factor, scaling.original_positions
    turns = frequency * (first / (2 * jnp.pi))
    kept = jnp.clip((turns - low) / (high - low), 0, 1)
    return frequency * (kept + (1 - kept) / scaling.factor)


def positions_of(segments: jax.Array) -> jax.Array:
    """The place of every token within its document: segment ids [b, t], equal within one, to [b, t]."""
    place = jnp.arange(segments.shape[1])
    begins = jnp.pad(segments[:, 1:] != segments[:, :-1], ((0, 0), (1, 0)))
    return place - jax.lax.cummax(jnp.where(begins, place, 0), axis=1)


def rotate(
    x: jax.Array, theta: float, scaling: RopeScaling | None = None, positions: jax.Array | None = None
) -> jax.Array:
    """Rotary positions on [b, t, heads, hd], halves paired; computed in float32, returned in x's dtype.

    `positions` are [b, t], or 0 to t - 1 where none are given.

    Source: Su et al. 2021, arXiv:2104.09864, section 3.4.2.
    Departs: pairs (i, i + hd/2) instead of (2i, 2i + 1), as the published Llama and Qwen weights do.
    """
    place = jnp.arange(x.shape[1], dtype=jnp.float32) if positions is None else positions.astype(jnp.float32)
    angle = place[..., None, None] * frequencies(x.shape[-1] // 2, theta, scaling)
    cos, sin = jnp.cos(angle), jnp.sin(angle)
    first, second = jnp.split(x.astype(jnp.float32), 2, axis=-1)
    return jnp.concatenate([first * cos - second * sin, second * cos + first * sin], axis=-1).astype(x.dtype)


def attend(
    q: jax.Array, k: jax.Array, v: jax.Array, window: int | None = None, segments: jax.Array | None = None
) -> jax.Array:
    """Causal attention, within the last `window` places if given, the query's own included. All [b, t, heads, hd].

    Query head n reads key/value head n // (heads // kv heads). With `segments` [b, t], places of one value see
    only each other. cuDNN's kernel takes bfloat16 on a GPU, unless sums must have one order: it fails there.
    """
    fused = q.dtype == jnp.bfloat16 and jax.default_backend() == "gpu" and q.shape[-1] % 8 == 0 and not one_order()
    reach = None if window is None else (window - 1, 0)
    mask = None if segments is None else (segments[:, None, :, None] == segments[:, None, None, :])
    return jax.nn.dot_product_attention(
        q, k, v, mask=mask, is_causal=True, local_window_size=reach, implementation="cudnn" if fused else "xla"
    )


def untapped(_layer: str, _name: str, x: jax.Array) -> jax.Array:
    """The tap that nobody listens to."""
    return x


def forward(
    params: Params,
    config: ModelConfig,
    tokens: jax.Array,
    dtype: Any = jnp.float32,
    tap: Tap = untapped,
    segments: jax.Array | None = None,
) -> jax.Array:
    """The last hidden states [b, t, d] of tokens [b, t], computed in `dtype`; every operation passes through `tap`.

    With `segments` [b, t] a document sees itself alone, from position 0 on.
    """
    positions = None if segments is None else positions_of(segments)
    batch, length = tokens.shape
    x = tap("", "embed", params["embed"][tokens].astype(dtype))
    for index in range(config.num_layers):
        w, see = layer_params(params, index, dtype), partial(tap, f"layers.{index}.")
        h = see("attn_norm", rms_norm(x, w["attn_norm"], config.rms_norm_eps))
        biases = (w["bq"], w["bk"], w["bv"]) if config.qkv_bias else ()
        q, k, v = products(h, (w["wq"], w["wk"], w["wv"]), biases)
        q, k, v = (y.reshape(batch, length, -1, config.head_dim) for y in (q, k, v))
        q, k, v = see("q", q), see("k", k), see("v", v)
        if config.qk_norm:
            q = see("q_norm", rms_norm(q, w["q_norm"], config.rms_norm_eps))
            k = see("k_norm", rms_norm(k, w["k_norm"], config.rms_norm_eps))
        q = see("q_rope", rotate(q, config.rope_theta, config.rope_scaling, positions))
        k = see("k_rope", rotate(k, config.rope_theta, config.rope_scaling, positions))
        mixed = see("attention", attend(q, k, v, config.sliding_window, segments).reshape(batch, length, -1))
        x = see("attn_residual", x + see("attn_out", mixed @ w["wo"]))
        h = see("mlp_norm", rms_norm(x, w["mlp_norm"], config.rms_norm_eps))
        gate, up = products(h, (w["w_gate"], w["w_up"]))
        gate, up = see("gate", gate), see("up", up)
        gated = see("gate_up", see("silu", jax.nn.silu(gate)) * up)
        x = see("residual", x + see("mlp_out", gated @ w["w_down"]))
    return tap("", "norm", rms_norm(x, params["norm"], config.rms_norm_eps))


def products(x: jax.Array, weights: Sequence[jax.Array], biases: Sequence[jax.Array] = ()) -> list[jax.Array]:
    """`x` [..., d] times each weight [d, n], plus its bias [n] if there are any.

    Computed as one product: a GPU is faster at a wide one than at several.
    """
    ends = list(accumulate(weight.shape[1] for weight in weights))
    wide = x @ jnp.concatenate(weights, axis=1)
    return jnp.split(wide + jnp.concatenate(biases) if biases else wide, ends[:-1], axis=-1)


def layer_params(params: Params, index: int, dtype: Any) -> Params:
    """The arrays of one layer by their short names, as `narrowed` has them."""
    prefix = f"layers.{index}."
    short = {name: leaf for name, leaf in params.items() if name.startswith(prefix)}
    return {name.removeprefix(prefix): leaf for name, leaf in narrowed(short, dtype).items()}


def narrowed(params: Params, dtype: Any) -> Params:
    """The layers' matrices and biases in `dtype`; norms, embedding and head as they are."""
    kept = ("norm", "embed", "head")
    return {name: leaf if name.endswith(kept) else leaf.astype(dtype) for name, leaf in params.items()}


def head_of(params: Params, config: ModelConfig) -> jax.Array:
    """The output matrix [V, d]: the embedding itself where the two are tied."""
    return params["embed"] if config.tie_word_embeddings else params["head"]


def logits(
    params: Params, config: ModelConfig, tokens: jax.Array, dtype: Any = jnp.float32, tap: Tap = untapped
) -> jax.Array:
    """float32 logits [b, t, V]."""
    hidden = forward(params, config, tokens, dtype, tap)
    head = head_of(params, config).astype(dtype)
    return tap("", "logits", jnp.einsum("btd,vd->btv", hidden, head, preferred_element_type=jnp.float32))
