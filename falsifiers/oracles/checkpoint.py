"""Reading an Orbax checkpoint with tensorstore alone: neither Orbax, nor jax, nor the trainer is asked."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Arrays: TypeAlias = dict[str, npt.NDArray[np.generic]]
Facts: TypeAlias = dict[str, dict[str, Any]]

PARAMS = "params."


class CheckpointError(ValueError):
    """A checkpoint folder is absent, or lacks what makes it readable."""


def saved_steps(checkpoint: Path) -> list[int]:
    """The steps whose state lies in a checkpoint folder, in order; CheckpointError where there is none."""
    steps = sorted(int(p.name) for p in checkpoint.iterdir() if p.name.isdigit()) if checkpoint.is_dir() else []
    if not steps:
        raise CheckpointError(f"{checkpoint}: no saved step (no folder named by a number)")
    return steps


def read_config(checkpoint: Path) -> dict[str, Any]:
    """config.json of a checkpoint folder; CheckpointError where it is missing or no JSON object."""
    path = checkpoint / "config.json"
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as fault:
        raise CheckpointError(f"{path}: not readable as JSON ({fault})") from fault
    if not isinstance(config, dict):
        raise CheckpointError(f"{path}: {type(config).__name__} where an object was expected")
    return config


def read_arrays(checkpoint: Path, step: int | None = None, *, prefix: str = PARAMS) -> Arrays:
    """Every parameter of a step, the latest if none is given, by leaf name; or what else has the prefix."""
    import tensorstore as ts

    state = checkpoint / str(saved_steps(checkpoint)[-1] if step is None else step) / "state"
    base = {"driver": "ocdbt", "base": f"file://{state.resolve()}/"}
    keys = [key.decode() for key in ts.KvStore.open(base).result().list().result()]
    opening = {path: _open(ts, base, path, driver) for path, driver in _array_paths(keys) if path.startswith(prefix)}
    if not opening:
        raise CheckpointError(f"{checkpoint}: the latest step holds no array under {prefix!r}")
    arrays = {path: store.result().read() for path, store in opening.items()}
    return {path.removeprefix(prefix): np.asarray(array.result()) for path, array in sorted(arrays.items())}


def _array_paths(keys: list[str]) -> list[tuple[str, str]]:
    drivers = {".zarray": "zarr", "zarr.json": "zarr3"}
    split = [key.rpartition("/") for key in keys]
    return [(path, drivers[name]) for path, _, name in split if name in drivers]


def _open(ts: Any, base: dict[str, str], path: str, driver: str) -> Any:
    return ts.open({"driver": driver, "kvstore": {**base, "path": f"{path}/"}}, open=True, read=True)


def digest(array: npt.NDArray[np.generic]) -> str:
    """sha256 of the array's bytes in C order, little-endian."""
    little = array.astype(array.dtype.newbyteorder("<"), copy=False)
    return hashlib.sha256(np.ascontiguousarray(little).tobytes()).hexdigest()


def facts(arrays: Mapping[str, npt.NDArray[np.generic]]) -> Facts:
    """Shape, dtype and digest of each array, by name."""
    return {
        name: {"shape": list(array.shape), "dtype": array.dtype.name, "digest": digest(array)}
        for name, array in sorted(arrays.items())
    }
