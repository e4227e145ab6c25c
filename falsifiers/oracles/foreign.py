"""A decoder in a folder of Hugging Face, read from the definitions of its files: the trainer is not asked.

Sources: the configuration classes of Llama, Mistral, Qwen2 and Qwen3 in transformers, for what each family fixes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from falsifiers.oracles.checkpoint import CheckpointError, read_config
from falsifiers.oracles.decoder import Floats, as_float64
from falsifiers.oracles.expected import Shape, ShapeError
from falsifiers.oracles.safetensors import read_safetensors
from falsifiers.system import Array

FAMILIES: Final = ("llama", "mistral", "qwen2", "qwen3")
OURS: Final[Mapping[str, str]] = {
    "input_layernorm.weight": "attn_norm",
    "post_attention_layernorm.weight": "mlp_norm",
    **{f"self_attn.{part}_proj.bias": f"b{part}" for part in "qkv"},
    **{f"self_attn.{part}_proj.weight": f"w{part}" for part in "qkvo"},
    **{f"self_attn.{part}_norm.weight": f"{part}_norm" for part in "qk"},
    **{f"mlp.{part}_proj.weight": f"w_{part}" for part in ("gate", "up", "down")},
}
"""What a layer's file calls a tensor, and what the oracle does."""
_OUTSIDE: Final = {"model.embed_tokens.weight": "embed", "model.norm.weight": "norm", "lm_head.weight": "head"}


def read_foreign(folder: Path) -> tuple[dict[str, Floats], Shape]:
    """Parameters in float64 and the shape of the decoder.

    Raises:
        CheckpointError: no such folder, or a file of it is missing.
        ShapeError: a family or a field that the oracle does not compute.
    """
    config = read_config(folder)
    try:
        shape = shape_of_family(config)
    except KeyError as fault:
        raise ShapeError(f"{folder / 'config.json'}: field {fault} is missing") from fault
    tensors: dict[str, Array] = {}
    for file in _files(folder):
        try:
            tensors |= read_safetensors(file)
        except (ValueError, KeyError, TypeError, AttributeError) as fault:
            raise CheckpointError(f"{file}: is no whole file of safetensors ({fault!r})") from fault
    named = {_name(name): array.T if "_proj.weight" in name else array for name, array in tensors.items()}
    return as_float64({name: array for name, array in named.items() if name}), shape


def shape_of_family(config: Mapping[str, Any]) -> Shape:
    """The shape that a config.json of one of the families describes; KeyError where a field is missing."""
    family = config.get("model_type")
    if family not in FAMILIES:
        raise ShapeError(f"config.json: model_type {family!r} is none of {', '.join(FAMILIES)}")
    rope = config.get("rope_parameters") or config.get("rope_scaling") or {}
    return Shape(
        vocab_size=config["vocab_size"],
        hidden_size=config["hidden_size"],
        num_layers=config["num_hidden_layers"],
        num_heads=config["num_attention_heads"],
        num_kv_heads=config["num_key_value_heads"],
        head_dim=config.get("head_dim") or config["hidden_size"] // config["num_attention_heads"],
        intermediate_size=config["intermediate_size"],
        rope_theta=rope["rope_theta"] if "rope_theta" in rope else config["rope_theta"],
        rms_norm_eps=config["rms_norm_eps"],
        tie_word_embeddings=config["tie_word_embeddings"],
        qkv_bias=family == "qwen2",
        qk_norm=family == "qwen3",
        rope_scaling=_scaling(rope),
        sliding_window=_window(config),
    )


def _scaling(rope: Mapping[str, Any]) -> dict[str, Any] | None:
    kind = rope.get("rope_type", rope.get("type", "default"))
    if kind == "default":
        return None
    if kind == "linear":
        return {"kind": kind, "factor": rope["factor"]}
    if kind != "llama3":
        raise ShapeError(f"config.json: rope scaling {kind!r} is neither linear nor llama3")
    same = {name: rope[name] for name in ("factor", "low_freq_factor", "high_freq_factor")}
    return {"kind": kind, **same, "original_positions": rope["original_max_position_embeddings"]}


def _window(config: Mapping[str, Any]) -> int | None:
    """The window of all layers; ShapeError where only some have one."""
    window: int | None = config.get("sliding_window")
    kinds = set(config.get("layer_types") or ())
    if config["model_type"] == "llama" or window is None or kinds == {"full_attention"}:
        return None
    if config["model_type"] == "mistral" or kinds == {"sliding_attention"}:
        return window
    if not config["use_sliding_window"] or config["max_window_layers"] >= config["num_hidden_layers"]:
        return None
    if kinds or config["max_window_layers"] > 0:
        raise ShapeError(f"config.json: sliding_window={window} holds for some layers only")
    return window


def _files(folder: Path) -> list[Path]:
    """The files that hold tensors."""
    index, names = folder / "model.safetensors.index.json", ["model.safetensors"]
    if index.is_file():
        try:
            names = sorted(set(map(str, json.loads(index.read_text(encoding="utf-8"))["weight_map"].values())))
        except (ValueError, KeyError, TypeError, AttributeError) as fault:
            raise CheckpointError(f"{index}: does not say where the tensors lie ({fault!r})") from fault
    for name in names:
        if Path(name).name != name or not (folder / name).is_file():
            raise CheckpointError(f"{folder}: no file {name!r} with tensors in it")
    return [folder / name for name in names]


def _name(name: str) -> str:
    """The oracle's name of a tensor; empty for one that no parameter is."""
    if name in _OUTSIDE:
        return _OUTSIDE[name]
    _, _, rest = name.partition("model.layers.")
    index, _, last = rest.partition(".")
    return f"layers.{index}.{OURS[last]}" if last in OURS else ""
