"""One feed-forward block of the trainer by itself, read off its forward pass."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from falsifiers.kernels.draw import Single
from falsifiers.kernels.trainer import call, find, model
from falsifiers.oracles.decoder import Floats

EPS: Final = 2.0**100
WEIGHT: Final = 2.0**50
"""With these two every norm is the identity, to the last bit: x / sqrt(x² + 2^100) · 2^50."""


def swiglu(x: Single, gate: Single, up: Single, down: Single) -> Floats:
    """The block's output [tokens, width] for x [tokens, width], gate and up [width, inner], down [inner, width].

    The hidden state has twice the width: x stands in its first half, the block writes into its second, so that
    what the residual stream adds is 0. Attention writes nothing.
    """
    tokens, width = x.shape
    config = model(
        vocab_size=tokens,
        hidden_size=2 * width,
        intermediate_size=gate.shape[1],
        num_heads=1,
        num_kv_heads=1,
        max_positions=tokens,
        rms_norm_eps=EPS,
    )
    zeros = {name: np.zeros(leaf.shape, np.float32) for name, leaf in find("model.expected_params")(config).items()}
    params: dict[str, Any] = {name: leaf + WEIGHT if name.endswith("norm") else leaf for name, leaf in zeros.items()}
    params["embed"][:, :width] = x
    params["layers.0.w_gate"][:width] = gate
    params["layers.0.w_up"][:width] = up
    params["layers.0.w_down"][:, width:] = down
    params = {name: np.asarray(leaf, np.float32) for name, leaf in params.items()}
    ids = np.arange(tokens, dtype=np.int32)[None]
    return np.asarray(call("model.forward", params, config, ids, static=(1,))[0, :, width:])


def silu(z: Single) -> Floats:
    """The activation of numbers z [n]: a block of one gate, whose other branch is 1."""
    first, second = np.eye(2, dtype=np.float32)
    x = np.stack([z, np.ones_like(z)], axis=1)
    return np.asarray(swiglu(x, first[:, None], second[:, None], first[None])[:, 0])
