"""The trainer's functions, found by name, compiled once for each shape, and handed NumPy arrays."""

from __future__ import annotations

import functools
import importlib
from collections.abc import Callable
from typing import Any, Final

import numpy as np

from falsifiers.kernels.draw import Case, Single
from falsifiers.oracles.decoder import Floats

PACKAGE: Final = "aprtrain"


def find(name: str) -> Any:
    """What the trainer calls `module.name`."""
    module, _, attribute = name.partition(".")
    return getattr(importlib.import_module(f"{PACKAGE}.{module}"), attribute)


@functools.cache
def function(name: str, *static: int) -> Callable[..., Any]:
    """A function of the trainer, compiled; `static` are the places of arguments that are no arrays."""
    import jax

    compiled: Callable[..., Any] = jax.jit(find(name), static_argnums=static)
    return compiled


def call(name: str, *arguments: Any, static: tuple[int, ...] = ()) -> Floats:
    """The result of a function of the trainer, widened to float64."""
    return np.asarray(function(name, *static)(*arguments)).astype(np.float64)


@functools.cache
def gradient(name: str, of: tuple[int, ...], *static: int) -> Callable[..., Any]:
    """Value and gradients of a function of the trainer, compiled."""
    import jax

    compiled: Callable[..., Any] = jax.jit(jax.value_and_grad(find(name), argnums=of), static_argnums=static)
    return compiled


def model(**fields: Any) -> Any:
    """A small configuration of the trainer's model, with other values where they are given."""
    plain = {
        "vocab_size": 32,
        "hidden_size": 32,
        "num_layers": 1,
        "num_heads": 4,
        "num_kv_heads": 2,
        "head_dim": 8,
        "intermediate_size": 48,
        "max_positions": 64,
        "rope_theta": 1e4,
        "rms_norm_eps": 1e-6,
        "tie_word_embeddings": True,
        "qkv_bias": False,
    }
    return find("config.parse")(find("config.ModelConfig"), "model", plain | fields)


def parameters(config: Any, case: Case, *, std: float = 0.3) -> dict[str, Single]:
    """Every parameter that the model has by its configuration, drawn anew; norms about 1."""
    expected = sorted(find("model.expected_params")(config).items())
    return {
        name: case.normal(*leaf.shape, scale=std, stream=stream) + np.float32(name.endswith("norm"))
        for stream, (name, leaf) in enumerate(expected, start=100)
    }


def eager_and_compiled(name: str, *arguments: Any, static: int) -> tuple[Floats, Floats]:
    """The results of a function of the trainer as it is, and compiled with one argument as a constant."""
    plain = np.asarray(find(name)(*arguments)).astype(np.float64)
    return plain, call(name, *arguments, static=(static,))
