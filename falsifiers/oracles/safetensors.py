"""Tensors of a safetensors file, read from the format's definition."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from falsifiers.system import Array


def read_safetensors(path: Path) -> dict[str, Array]:
    """Every tensor of a file by name.

    Source: the format's own page in the documentation of safetensors.
    """
    import ml_dtypes

    dtypes = {"F32": np.dtype("<f4"), "F16": np.dtype("<f2"), "BF16": np.dtype(ml_dtypes.bfloat16)}
    data = path.read_bytes()
    size = 8 + int.from_bytes(data[:8], "little")
    header = json.loads(data[8:size])
    header.pop("__metadata__", None)
    return {
        name: np.frombuffer(
            data[size + row["data_offsets"][0] : size + row["data_offsets"][1]], dtypes[row["dtype"]]
        ).reshape(row["shape"])
        for name, row in header.items()
    }
