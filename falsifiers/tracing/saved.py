"""Models that are traced by a command, and compared by another."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from falsifiers.kernels.command import ours, shape
from falsifiers.oracles.decoder import Floats
from falsifiers.oracles.safetensors import read_safetensors
from falsifiers.oracles.trace import Spoil, operations
from falsifiers.process import Ran, run
from falsifiers.program import (
    CONFIG,
    VOCABULARY,
    aprtrain,
    weights,
    workshop,
    write_model,
    write_safetensors,
)
from falsifiers.system import Array

LENGTH = 64
"""Rotation and mask show at a distance only."""


def config(layers: int = 2, **fields: Any) -> dict[str, Any]:
    """A config.json of so many layers."""
    return {**CONFIG, "num_hidden_layers": layers, **fields}


def model(name: str, seed: int, fields: Mapping[str, Any]) -> Path:
    """A folder with a model of random weights, written once."""
    folder = workshop() / name
    return folder if folder.exists() else write_model(folder, weights(seed, fields), fields)


def ids(seed: int, length: int = LENGTH) -> npt.NDArray[np.int32]:
    """Token ids [length] drawn with a seed."""
    return np.random.default_rng(seed).integers(0, VOCABULARY, length).astype(np.int32)


def trace(folder: Path, tokens: npt.NDArray[np.int32], *options: str | Path) -> Ran:
    """Run `aprtrain trace` on the ids."""
    path = workshop() / "traced-ids.txt"
    path.write_text(" ".join(map(str, tokens.tolist())), encoding="utf-8")
    return aprtrain("trace", folder, "--tokens", path, "--device", "cpu", *options, cwd=workshop())


def bisect(first: str, second: str, tokens: npt.NDArray[np.int32], *options: str) -> Ran:
    """Run `pv bisect` on the ids, as they are; its status is 1 where the systems part."""
    path = workshop() / "compared-ids.txt"
    path.write_text(" ".join(map(str, tokens.tolist())), encoding="utf-8")
    return run("pv", "bisect", first, second, f"--tokens={path}", "--tries=0", *options, cwd=workshop(), timeout=120)


def outputs(folder: Path) -> tuple[list[str], dict[str, Array]]:
    """The names of a saved trace in their order, and the output of each."""
    rows = json.loads((folder / "trace.json").read_text(encoding="utf-8"))["rows"]
    return [row["name"] for row in rows], read_safetensors(folder / "values.safetensors")


def definition(
    tensors: Mapping[str, Array],
    fields: Mapping[str, Any],
    tokens: npt.NDArray[np.int32],
    spoil: Spoil = lambda _name, x: x,
) -> dict[str, Floats]:
    """Every operation in float64 of a model with these tensors on the ids [t], by name in order."""
    return operations(ours(tensors), shape(fields), tokens[None], spoil)


def save(folder: Path, tokens: npt.NDArray[np.int32], values: Mapping[str, Floats]) -> Path:
    """A saved trace of these outputs, at all positions of the ids."""
    folder.mkdir(parents=True, exist_ok=True)
    length = len(tokens)
    seen = int(np.tril(np.ones((length, length))).sum())
    rows = [
        {
            "name": name,
            "shape": list(x.shape),
            "count": seen * x.shape[2] if name.endswith(".scores") else x.size,
            "mean": float(x.mean()),
            "std": float(x.std()),
            "largest": float(np.abs(x).max()),
            "finite": 1.0,
        }
        for name, x in values.items()
    ]
    digest = hashlib.sha256(tokens.astype("<i4").tobytes()).hexdigest()
    said = {"tokens": digest, "positions": [0, length], "dtype": "float32", "platform": "cpu", "rows": rows}
    (folder / "trace.json").write_text(json.dumps(said), encoding="utf-8")
    write_safetensors(folder / "values.safetensors", {name: x.astype(np.float32) for name, x in values.items()})
    return folder
