"""Names, shapes, dtypes and digests of parameters."""

import hashlib
from collections.abc import Mapping
from typing import Any

import numpy as np

from aprtrain.files import finite


def digest_array(array: Any) -> str:
    """SHA-256 of the array's bytes: C order, little-endian, in its own dtype."""
    host = np.ascontiguousarray(array)
    if host.dtype.byteorder == ">":
        host = host.astype(host.dtype.newbyteorder("<"))
    return hashlib.sha256(host.reshape(-1).view(np.uint8).data).hexdigest()


def describe(array: Any) -> dict[str, Any]:
    """Shape and dtype as JSON values."""
    return {"shape": list(array.shape), "dtype": str(np.dtype(array.dtype))}


def statistics(array: Any) -> dict[str, float | str]:
    """Mean, standard deviation and largest magnitude of the decoded values."""
    flat = np.asarray(array, np.float32).reshape(-1)
    count = max(1, flat.size)
    mean = float(flat.sum(dtype=np.float64)) / count
    squares = float(np.einsum("i,i", flat, flat, dtype=np.float64)) / count
    largest = max(float(flat.max(initial=0)), -float(flat.min(initial=0)))
    return {"mean": finite(mean), "std": finite(max(0.0, squares - mean * mean) ** 0.5), "max": finite(largest)}


def ledger_of(params: Mapping[str, Any], **other: Any) -> dict[str, dict[str, Any]]:
    """Shape, dtype and digest of every parameter, and the same `other` entries beside each."""
    return {name: describe(leaf) | {"digest": digest_array(leaf)} | other for name, leaf in sorted(params.items())}


def digest_arrays(arrays: Mapping[str, Any]) -> str:
    """SHA-256 over the names and digests of all arrays."""
    lines = [f"{name} {digest_array(array)}" for name, array in sorted(arrays.items())]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def differing(expected: Mapping[str, Any], found: Mapping[str, Any], *, cast: bool = False) -> list[str]:
    """Every difference in names, shapes and (unless `cast`) dtypes, seen from both sides, sorted by name."""
    lines = []
    for name in sorted(set(expected) | set(found)):
        if name not in found:
            lines.append(f"{name}: expected {_text(expected[name])}, not found")
        elif name not in expected:
            lines.append(f"{name}: found {_text(found[name])}, not expected")
        elif expected[name].shape != found[name].shape or not (cast or expected[name].dtype == found[name].dtype):
            lines.append(f"{name}: expected {_text(expected[name])}, found {_text(found[name])}")
    return lines


def _text(array: Any) -> str:
    return f"{np.dtype(array.dtype)}{list(array.shape)}"
