"""Tiny models of four families, as folders of Hugging Face with random weights."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from falsifiers.program import CONFIG, weights, write_model

SAME = {"num_hidden_layers": 2, "vocab_size": 64, "max_position_embeddings": 1024}
PLAIN = {"attention_bias": False, "mlp_bias": False}
FAMILIES: dict[str, dict[str, Any]] = {
    "llama": PLAIN | {"architectures": ["LlamaForCausalLM"], "tie_word_embeddings": False},
    "mistral": PLAIN | {"architectures": ["MistralForCausalLM"], "sliding_window": 5},
    "qwen2": {},
    "qwen3": PLAIN | {"architectures": ["Qwen3ForCausalLM"], "head_dim": 4},
}


def tensors_of(family: str, config: Mapping[str, Any], seed: int) -> dict[str, Any]:
    """Random weights of a family."""
    found = {name: x for name, x in weights(seed, config).items() if family == "qwen2" or not name.endswith("bias")}
    if family == "qwen3":
        rng = np.random.default_rng(seed)
        for layer in range(config["num_hidden_layers"]):
            for part in "qk":
                name = f"model.layers.{layer}.self_attn.{part}_norm.weight"
                found[name] = (1 + 0.2 * rng.standard_normal(config["head_dim"])).astype(np.float32)
    return found


def write_family(folder: Path, family: str, seed: int = 0, **fields: Any) -> Path:
    """A folder with a model of the family."""
    config = {**CONFIG, **SAME, "model_type": family, **FAMILIES[family], **fields}
    return write_model(folder, tensors_of(family, config, seed), config)
