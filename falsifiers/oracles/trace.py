"""Every operation of a causal decoder in float64, in the order of computation; each can be spoilt on its way.

Sources: those of `falsifiers.oracles.decoder`, whose parts these are.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import TypeAlias

import numpy as np

from falsifiers.oracles.decoder import Floats, Ints, _head, frequencies, rms_norm, turned, visible
from falsifiers.oracles.expected import Shape

Spoil: TypeAlias = Callable[[str, Floats], Floats]
"""Is given the name and the output of an operation, and returns what goes on from there."""


def operation_names(shape: Shape) -> list[str]:
    """The names of all operations, in order."""
    norms = ["q_norm", "k_norm"] if shape.qk_norm else []
    layer = ["attn_norm", "q", "k", "v", *norms, "q_rope", "k_rope", "scores", "attention", "attn_out"]
    layer += ["attn_residual", "mlp_norm", "gate", "up", "silu", "gate_up", "mlp_out", "residual"]
    return [
        "embed",
        *(f"layers.{index}.{name}" for index in range(shape.num_layers) for name in layer),
        "norm",
        "logits",
    ]


def operations(
    parameters: Mapping[str, Floats], shape: Shape, tokens: Ints, spoil: Spoil = lambda _name, x: x
) -> dict[str, Floats]:
    """Name and output [b, t, ...] of each operation on tokens [b, t]; scores that attention does not see are 0."""
    found: dict[str, Floats] = {}

    def put(name: str, x: Floats) -> Floats:
        found[name] = np.asarray(spoil(name, x))
        return found[name]

    x = put("embed", parameters["embed"][tokens])
    for index in range(shape.num_layers):
        at = f"layers.{index}."
        layer = {name.removeprefix(at): leaf for name, leaf in parameters.items() if name.startswith(at)}
        x = _layer(layer, shape, x, functools.partial(_within, at, put))
    put("logits", put("norm", rms_norm(x, parameters["norm"], shape.rms_norm_eps)) @ _head(parameters, shape).T)
    return {name: found[name] for name in operation_names(shape)}


def _within(layer: str, put: Spoil, name: str, x: Floats) -> Floats:
    return put(layer + name, x)


def _layer(w: Mapping[str, Floats], shape: Shape, x: Floats, put: Spoil) -> Floats:
    h = put("attn_norm", rms_norm(x, w["attn_norm"], shape.rms_norm_eps))
    q, k, v = (put(name, _heads(w, shape, h, name)) for name in "qkv")
    if shape.qk_norm:
        q, k = (
            put(f"{name}_norm", rms_norm(y, w[f"{name}_norm"], shape.rms_norm_eps)) for name, y in (("q", q), ("k", k))
        )
    frequency = frequencies(shape)
    q, k = (put(f"{name}_rope", turned(y.swapaxes(1, 2), frequency).swapaxes(1, 2)) for name, y in (("q", q), ("k", k)))
    k, v = (np.repeat(y, shape.num_heads // shape.num_kv_heads, axis=2) for y in (k, v))
    seen = visible(shape, x.shape[1])[None, :, None]
    scores = np.einsum("bthd,bshd->bths", q, k) / np.sqrt(shape.head_dim)
    scores = put("scores", np.where(seen, scores, 0.0))
    weights = np.where(seen, np.exp(scores - scores.max(axis=-1, keepdims=True)), 0.0)
    mixed = np.einsum("bths,bshd->bthd", weights / weights.sum(axis=-1, keepdims=True), v)
    mixed = put("attention", mixed.reshape(*x.shape[:2], -1))
    x = put("attn_residual", x + put("attn_out", mixed @ w["wo"]))
    h = put("mlp_norm", rms_norm(x, w["mlp_norm"], shape.rms_norm_eps))
    gate, up = put("gate", h @ w["w_gate"]), put("up", h @ w["w_up"])
    gated = put("gate_up", put("silu", gate / (1 + np.exp(-gate))) * up)
    return put("residual", x + put("mlp_out", gated @ w["w_down"]))


def _heads(w: Mapping[str, Floats], shape: Shape, h: Floats, name: str) -> Floats:
    flat = h @ w[f"w{name}"] + (w[f"b{name}"] if shape.qkv_bias else 0.0)
    return np.asarray(flat.reshape(*h.shape[:2], -1, shape.head_dim))
