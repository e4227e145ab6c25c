"""What the second half of each layer multiplies with its last matrix, in float64 NumPy."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from falsifiers.oracles.decoder import Floats, Ints, _attention, _rms_norm
from falsifiers.oracles.expected import Shape


def gated(parameters: Mapping[str, Floats], shape: Shape, tokens: Ints) -> list[Floats]:
    """silu(gate) * up [batch, time, intermediate] of each layer, for tokens [batch, time]."""
    products: list[Floats] = []
    x = parameters["embed"][tokens]
    for index in range(shape.num_layers):
        prefix = f"layers.{index}."
        layer = {name.removeprefix(prefix): p for name, p in parameters.items() if name.startswith(prefix)}
        x = x + _attention(layer, shape, _rms_norm(x, layer["attn_norm"], shape.rms_norm_eps))
        h = _rms_norm(x, layer["mlp_norm"], shape.rms_norm_eps)
        gate = h @ layer["w_gate"]
        products.append(np.asarray(gate / (1 + np.exp(-gate)) * (h @ layer["w_up"])))
        x = x + products[-1] @ layer["w_down"]
    return products
