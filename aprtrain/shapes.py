"""The published decoders whose shape is known here by name; a shape is data, the code is the same for all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from aprtrain.config import ModelConfig, RopeScaling
from aprtrain.errors import InputError
from aprtrain.files import read_json


def _shape(
    sizes: tuple[int, int, int, int, int],
    *,
    vocab: int,
    positions: int,
    theta: float,
    eps: float,
    tied: bool,
    head_dim: int = 0,
    **other: Any,
) -> ModelConfig:
    """Sizes are hidden, FFN, layers, query heads, key/value heads; `head_dim` is hidden / heads unless given."""
    hidden, ffn, layers, heads, kv_heads = sizes
    return ModelConfig(
        vocab_size=vocab,
        hidden_size=hidden,
        num_layers=layers,
        num_heads=heads,
        num_kv_heads=kv_heads,
        head_dim=head_dim or hidden // heads,
        intermediate_size=ffn,
        max_positions=positions,
        rope_theta=theta,
        rms_norm_eps=eps,
        tie_word_embeddings=tied,
        **{"qkv_bias": False} | other,
    )


_LLAMA2: dict[str, Any] = {"vocab": 32_000, "positions": 4_096, "theta": 10_000.0, "eps": 1e-5, "tied": False}
_QWEN25: dict[str, Any] = {"positions": 32_768, "theta": 1_000_000.0, "eps": 1e-6, "qkv_bias": True}
_QWEN3: dict[str, Any] = {"vocab": 151_936, "positions": 40_960, "theta": 1_000_000.0, "eps": 1e-6}
_QWEN3 |= {"head_dim": 128, "qk_norm": True}
_LLAMA32 = RopeScaling(kind="llama3", factor=32.0, low_freq_factor=1.0, high_freq_factor=4.0, original_positions=8_192)

SHAPES: dict[str, ModelConfig] = {
    "llama-370m": _shape((1024, 2816, 24, 16, 4), **_LLAMA2 | {"vocab": 50_257, "positions": 2_048}),
    "llama-2-7b": _shape((4096, 11008, 32, 32, 32), **_LLAMA2),
    "llama-2-13b": _shape((5120, 13824, 40, 40, 40), **_LLAMA2),
    "llama-3.2-1b": _shape(
        (2048, 8192, 16, 32, 8),
        **_LLAMA2 | {"vocab": 128_256, "positions": 131_072, "theta": 500_000.0, "tied": True},
        rope_scaling=_LLAMA32,
    ),
    "mistral-7b-v0.3": _shape(
        (4096, 14336, 32, 32, 8), vocab=32_768, positions=32_768, theta=1_000_000.0, eps=1e-5, tied=False
    ),
    "qwen2.5-coder-0.5b": _shape((896, 4864, 24, 14, 2), vocab=151_936, tied=True, **_QWEN25),
    "qwen2.5-coder-1.5b": _shape((1536, 8960, 28, 12, 2), vocab=151_936, tied=True, **_QWEN25),
    "qwen2.5-coder-7b": _shape((3584, 18944, 28, 28, 4), vocab=152_064, tied=False, **_QWEN25),
    "qwen3-0.6b": _shape((1024, 3072, 28, 16, 8), tied=True, **_QWEN3),
    "qwen3-1.7b": _shape((2048, 6144, 28, 16, 8), tied=True, **_QWEN3),
    "qwen3-4b": _shape((2560, 9728, 36, 32, 8), tied=True, **_QWEN3),
    "qwen3-8b": _shape((4096, 12288, 36, 32, 8), tied=False, **_QWEN3),
}


def shape(name: str) -> ModelConfig:
    """The shape of that name, or in that config.json: a checkpoint's of ours, or one of Hugging Face."""
    if name in SHAPES:
        return SHAPES[name]
    path = Path(name) / "config.json" if Path(name).is_dir() else Path(name)
    if not path.exists():
        raise InputError(f"shape {name!r}", "is unknown", f"give a config.json, or one of {', '.join(SHAPES)}")
    return model_of(path, read_json(path, fix="give the config.json of a checkpoint"))


def model_of(path: Path, config: dict[str, Any]) -> ModelConfig:
    """The shape in a config.json that was read from `path`: ours under `model`, else one of Hugging Face."""
    from aprtrain.hf import model_from_hf

    if isinstance(config.get("model"), dict):
        return ModelConfig.from_json(path, config["model"])
    return model_from_hf(path, config)
