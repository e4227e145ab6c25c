"""A causal decoder in float64: RMSNorm, half-split rotary positions, grouped-query attention, SwiGLU.

Sources: RMSNorm: Zhang and Sennrich 2019, arXiv:1910.07467, eq. 4. Rotary positions: Su et al. 2021,
arXiv:2104.09864, sec. 3.2, in the half-split pairing (dimension i turns with i + head_dim/2). Grouped
queries: Ainslie et al. 2023, arXiv:2305.13245. SwiGLU: Shazeer 2020, arXiv:2002.05202, eq. 5. Linear scaling of
positions: Chen et al. 2023, arXiv:2306.15595, eq. 4; llama3 scaling: as published with the Llama 3.1 weights.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from falsifiers.oracles.expected import Shape

Floats: TypeAlias = npt.NDArray[np.float64]
Ints: TypeAlias = npt.NDArray[np.integer]
Parameters: TypeAlias = Mapping[str, npt.NDArray[np.generic]]

LOGITS_AT_ONCE = 4_000_000
"""Entries of the logits that exist at one time; 32 MB."""
HIDDEN_AT_ONCE = 400_000
"""Entries of the widest activation that exist at one time; more fall out of the processor's cache."""


def as_float64(parameters: Parameters) -> dict[str, Floats]:
    """The same arrays in float64."""
    return {name: np.asarray(array).astype(np.float64) for name, array in parameters.items()}


def logits(parameters: Mapping[str, Floats], shape: Shape, tokens: Ints) -> Floats:
    """Unnormalised log probabilities [batch, time, vocab] of the token after each place of [batch, time]."""
    return _final_hidden(parameters, shape, tokens) @ _head(parameters, shape).T


def token_nats(parameters: Mapping[str, Floats], shape: Shape, inputs: Ints, targets: Ints) -> Floats:
    """-ln p(target) [batch, time] of each target, given its row's inputs up to and including its position."""
    widest = max(shape.intermediate_size, shape.num_heads * inputs.shape[1], shape.hidden_size)
    rows = max(1, HIDDEN_AT_ONCE // (inputs.shape[1] * widest))
    pieces = [
        _nats(parameters, shape, inputs[start : start + rows], targets[start : start + rows])
        for start in range(0, len(inputs), rows)
    ]
    return np.concatenate(pieces) if pieces else np.zeros(inputs.shape)


def _nats(parameters: Mapping[str, Floats], shape: Shape, inputs: Ints, targets: Ints) -> Floats:
    hidden = _final_hidden(parameters, shape, inputs).reshape(-1, shape.hidden_size)
    head, flat = _head(parameters, shape).T, targets.reshape(-1)
    rows = max(1, LOGITS_AT_ONCE // shape.vocab_size)
    pieces = [
        cross_entropy(hidden[start : start + rows] @ head, flat[start : start + rows])
        for start in range(0, len(flat), rows)
    ]
    return np.concatenate(pieces).reshape(targets.shape)


def cross_entropy(scores: Floats, targets: Ints) -> Floats:
    """-ln softmax(scores)[target] over the last axis."""
    top = scores.max(axis=-1, keepdims=True)
    total = np.log(np.exp(scores - top).sum(axis=-1)) + top[..., 0]
    chosen: Floats = np.take_along_axis(scores, targets[..., None].astype(np.int64), axis=-1)[..., 0]
    return np.asarray(total - chosen)


def _head(parameters: Mapping[str, Floats], shape: Shape) -> Floats:
    return parameters["embed" if shape.tie_word_embeddings else "head"]


def gated(parameters: Mapping[str, Floats], shape: Shape, tokens: Ints) -> list[Floats]:
    """silu(gate) * up [batch, time, intermediate] of each layer, for tokens [batch, time]."""
    products: list[Floats] = []
    _final_hidden(parameters, shape, tokens, products.append)
    return products


def _final_hidden(
    parameters: Mapping[str, Floats], shape: Shape, tokens: Ints, show: Callable[[Floats], None] = lambda _: None
) -> Floats:
    """The normed residual stream [batch, time, hidden]; `show` gets the product of gate and up of each layer."""
    x = parameters["embed"][tokens]
    for index in range(shape.num_layers):
        prefix = f"layers.{index}."
        layer = {name.removeprefix(prefix): p for name, p in parameters.items() if name.startswith(prefix)}
        x = x + _attention(layer, shape, rms_norm(x, layer["attn_norm"], shape.rms_norm_eps))
        product = gate_up(layer, rms_norm(x, layer["mlp_norm"], shape.rms_norm_eps))
        show(product)
        x = x + product @ layer["w_down"]
    return rms_norm(x, parameters["norm"], shape.rms_norm_eps)


def rms_norm(x: Floats, weight: Floats, eps: float) -> Floats:
    """X [..., d] over its root mean square, times the weight [d]."""
    mean_square = np.einsum("...d,...d->...", x, x)[..., None] / x.shape[-1]
    return np.asarray(x / np.sqrt(mean_square + eps) * weight)


def gate_up(layer: Mapping[str, Floats], h: Floats) -> Floats:
    """silu(gate) * up [..., intermediate] of a layer, for h [..., hidden]."""
    gate = h @ layer["w_gate"]
    with np.errstate(over="ignore"):
        gate /= 1 + np.exp(-gate)
    return np.asarray(gate * (h @ layer["w_up"]))


def _attention(layer: Mapping[str, Floats], shape: Shape, h: Floats) -> Floats:
    batch, time, _ = h.shape
    groups = shape.num_heads // shape.num_kv_heads

    def heads(name: str, count: int) -> Floats:
        flat = h @ layer[f"w{name}"]
        flat = flat + layer[f"b{name}"] if shape.qkv_bias else flat
        split = flat.reshape(batch, time, count, shape.head_dim).transpose(0, 2, 1, 3)
        return rms_norm(split, layer[f"{name}_norm"], shape.rms_norm_eps) if shape.qk_norm and name != "v" else split

    frequency = frequencies(shape)
    query, key = (turned(heads(*kind), frequency) for kind in (("q", shape.num_heads), ("k", shape.num_kv_heads)))
    value = heads("v", shape.num_kv_heads)
    query = query.reshape(batch, shape.num_kv_heads, groups * time, shape.head_dim)
    scores = (query @ key.swapaxes(-1, -2)).reshape(batch, shape.num_kv_heads, groups, time, time)
    scores /= np.sqrt(shape.head_dim)
    scores[..., ~visible(shape, time)] = -np.inf
    scores -= scores.max(axis=-1, keepdims=True)
    np.exp(scores, out=scores)
    scores /= scores.sum(axis=-1, keepdims=True)
    mixed = scores.reshape(batch, shape.num_kv_heads, groups * time, time) @ value
    mixed = mixed.reshape(batch, shape.num_heads, time, shape.head_dim).transpose(0, 2, 1, 3)
    return np.asarray(mixed.reshape(batch, time, -1) @ layer["wo"])


def visible(shape: Shape, time: int) -> npt.NDArray[np.bool_]:
    """Whether a query [time] attends to a key [time]: its own place and those before it, as far as the window goes."""
    back = np.arange(time)[:, None] - np.arange(time)
    return np.asarray((back >= 0) & (back < (shape.sliding_window or time)))


def frequencies(shape: Shape) -> Floats:
    """Radians a position, theta^(-2i / head_dim), as stretched by the scaling.

    llama3: frequencies that turn more than `high_freq_factor` times in the original context are kept, those below
    `low_freq_factor` divided by `factor`, and those between the two mixed linearly.
    """
    frequency = shape.rope_theta ** (-2.0 * np.arange(shape.head_dim // 2) / shape.head_dim)
    if shape.rope_scaling is None:
        return frequency
    stretched = frequency / shape.rope_scaling["factor"]
    if shape.rope_scaling["kind"] == "linear":
        return np.asarray(stretched)
    low, high = shape.rope_scaling["low_freq_factor"], shape.rope_scaling["high_freq_factor"]
    turns = frequency * shape.rope_scaling["original_positions"] / (2 * np.pi)
    return np.asarray(stretched + (frequency - stretched) * np.clip((turns - low) / (high - low), 0, 1))


def turned(x: Floats, frequency: Floats) -> Floats:
    """Turn pairs (i, i + half) of [batch, heads, time, head_dim] by position * frequency[i]."""
    half = x.shape[-1] // 2
    angle = np.arange(x.shape[-2])[:, None] * frequency
    cos, sin = np.cos(angle), np.sin(angle)
    first, second = x[..., :half], x[..., half:]
    return np.concatenate([first * cos - second * sin, second * cos + first * sin], axis=-1)
