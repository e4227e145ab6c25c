"""The shape of a decoder, and the arrays that a checkpoint of that shape must hold."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

SCALINGS = ("linear", "llama3")


class ShapeError(ValueError):
    """A model configuration lacks a field or holds an impossible one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """Every number that a decoder's arrays or its arithmetic depend on."""

    vocab_size: int
    hidden_size: int
    num_layers: int
    num_heads: int
    num_kv_heads: int
    head_dim: int
    intermediate_size: int
    rope_theta: float
    rms_norm_eps: float
    tie_word_embeddings: bool
    qkv_bias: bool
    qk_norm: bool = False
    rope_scaling: Mapping[str, Any] | None = None
    """`kind` (one of SCALINGS), `factor`, and for llama3 two frequency factors and `original_positions`."""
    sliding_window: int | None = None
    """Places that every token attends to, its own included; None for all before it."""


def shape_of(config: Mapping[str, Any]) -> Shape:
    """The shape in the `model` part of a checkpoint's config.json; ShapeError where a field is missing."""
    names = [field.name for field in dataclasses.fields(Shape)]
    missing = [name for name in names if name not in config]
    if missing:
        raise ShapeError(f"model configuration: fields {missing} are missing")
    scaling = config["rope_scaling"]
    if scaling is not None and scaling["kind"] not in SCALINGS:
        raise ShapeError(f"model configuration: rope_scaling {scaling['kind']!r} is none of {', '.join(SCALINGS)}")
    return Shape(**{name: config[name] for name in names})


def expected_arrays(shape: Shape) -> dict[str, tuple[int, ...]]:
    """Leaf name -> array shape, for every parameter that this decoder has and no other."""
    arrays: dict[str, tuple[int, ...]] = {"embed": (shape.vocab_size, shape.hidden_size)}
    for layer in range(shape.num_layers):
        arrays |= {f"layers.{layer}.{name}": size for name, size in _layer(shape).items()}
    arrays["norm"] = (shape.hidden_size,)
    if not shape.tie_word_embeddings:
        arrays["head"] = (shape.vocab_size, shape.hidden_size)
    return arrays


def _layer(shape: Shape) -> dict[str, tuple[int, ...]]:
    d, f = shape.hidden_size, shape.intermediate_size
    query, kv = shape.num_heads * shape.head_dim, shape.num_kv_heads * shape.head_dim
    norms = {"q_norm": (shape.head_dim,), "k_norm": (shape.head_dim,)} if shape.qk_norm else {}
    biases = {"bq": (query,), "bk": (kv,), "bv": (kv,)} if shape.qkv_bias else {}
    return {
        "attn_norm": (d,),
        "wq": (d, query),
        "wk": (d, kv),
        "wv": (d, kv),
        **biases,
        **norms,
        "wo": (query, d),
        "mlp_norm": (d,),
        "w_gate": (d, f),
        "w_up": (d, f),
        "w_down": (f, d),
    }
