"""Reading and writing safetensors: an 8-byte little-endian length, a JSON header, raw tensors.

Nothing is believed that the header says: every entry is held against the file before a byte of a tensor is touched.
Source: the format's own description, https://github.com/huggingface/safetensors#format.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np

from aprtrain.errors import InputError
from aprtrain.files import read_json

Arrays = dict[str, np.ndarray[Any, np.dtype[Any]]]
DTYPES: dict[str, np.dtype[Any]] = {
    "F32": np.dtype("<f4"),
    "F16": np.dtype("<f2"),
    "BF16": np.dtype(ml_dtypes.bfloat16),
}
NAME, INDEX = "model.safetensors", "model.safetensors.index.json"
LARGEST_HEADER = 100_000_000
"""Bytes; the limit of the reference reader."""
_FIX = "download or export the file again"


def read_folder(folder: Path) -> Arrays:
    """Every tensor of model.safetensors, or of the files that its index names, mapped into memory.

    Raises:
        InputError: a file is missing, damaged, outside the folder, or not what the index says.
    """
    single, index = (folder / NAME).exists(), (folder / INDEX).exists()
    if single == index:
        what = f"holds {'both' if single else 'neither'} {NAME} {'and' if single else 'nor'} {INDEX}"
        raise InputError(folder, what, "give a folder with one of them")
    if single:
        return read_file(_inside(folder, NAME))
    places = read_json(folder / INDEX, fix=_FIX).get("weight_map")
    if not isinstance(places, dict) or not all(isinstance(place, str) for place in places.values()):
        raise InputError(folder / INDEX, "has no weight_map from tensor to file", _FIX)
    arrays: Arrays = {}
    lines = []
    for name in sorted(set(places.values())):
        found = read_file(_inside(folder, name))
        listed = {tensor for tensor, place in places.items() if place == name}
        lines += [f"{tensor}: in {name}, but the index has it elsewhere" for tensor in sorted(set(found) - listed)]
        lines += [f"{tensor}: not in {name}, where the index has it" for tensor in sorted(listed - set(found))]
        arrays |= found
    if lines:
        raise InputError(folder / INDEX, "\n    ".join(["is not what the files hold:", *lines]), _FIX)
    return arrays


def _inside(folder: Path, name: str) -> Path:
    path = folder / name
    if Path(name).name != name or path.resolve().parent != folder.resolve():
        raise InputError(folder, f"names {name!r}, which lies outside of it", "put the file itself into the folder")
    return path


def read_file(path: Path) -> Arrays:
    """Every tensor of one file, read-only and mapped into memory.

    Raises:
        InputError: the file is missing or damaged in any way that its header can show.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            if size < 8 or not 2 <= length <= min(size - 8, LARGEST_HEADER):
                raise InputError(path, f"has {size} bytes and a header of {length}", _FIX)
            header = json.loads(file.read(length), object_pairs_hook=_once)
    except (OSError, ValueError, RecursionError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(path, f"has no readable header ({error})", _FIX) from error
    if not isinstance(header, dict):
        raise InputError(path, f"has a header of type {type(header).__name__}", _FIX)
    header.pop("__metadata__", None)
    lines = list(_faults(header, size - 8 - length))
    if lines:
        raise InputError(path, "\n    ".join(["has a header that contradicts itself or the file:", *lines]), _FIX)
    data = np.memmap(path, np.uint8, "r", offset=8 + length) if size > 8 + length else np.zeros(0, np.uint8)
    return {name: _array(data, entry) for name, entry in header.items()}


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _array(data: Any, entry: dict[str, Any]) -> Any:
    begin, end = entry["data_offsets"]
    return np.asarray(data[begin:end]).view(DTYPES[entry["dtype"]]).reshape(entry["shape"])


def _faults(header: dict[str, Any], size: int) -> Iterator[str]:
    """What is wrong with the entries of a header whose tensors take `size` bytes."""
    places = []
    for name, entry in header.items():
        if not isinstance(entry, dict) or set(entry) != {"dtype", "shape", "data_offsets"}:
            yield f"{name}: has not exactly dtype, shape and data_offsets"
        elif entry["dtype"] not in DTYPES:
            yield f"{name}: dtype {entry['dtype']!r} is none of {', '.join(DTYPES)}"
        elif not _counts(entry["shape"]) or not _counts(entry["data_offsets"]) or len(entry["data_offsets"]) != 2:
            yield f"{name}: shape or data_offsets are not whole numbers of at least 0"
        else:
            begin, end = entry["data_offsets"]
            wanted = math.prod(entry["shape"]) * DTYPES[entry["dtype"]].itemsize
            if end - begin != wanted:
                yield f"{name}: {entry['dtype']}{entry['shape']} takes {wanted} bytes, data_offsets say {end - begin}"
            places.append((begin, end, name))
    reached = 0
    for begin, end, name in sorted(places):
        if begin != reached:
            yield f"{name}: begins at byte {begin}, where {reached} is next"
        reached = end
    if reached != size and len(places) == len(header):
        yield f"the tensors end at byte {reached}, the file at {size}"


def _counts(values: Any) -> bool:
    return isinstance(values, list) and all(type(value) is int and 0 <= value < 1 << 63 for value in values)


def write_file(path: Path, arrays: Mapping[str, Any]) -> None:
    """The file holds the arrays by name, in C order whatever their strides; it is whole or absent."""
    labels = {dtype: label for label, dtype in DTYPES.items()}
    header: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    end = 0
    for name, array in sorted(arrays.items()):
        begin, end = end, end + math.prod(array.shape) * array.dtype.itemsize
        header[name] = {"dtype": labels[array.dtype], "shape": list(array.shape), "data_offsets": [begin, end]}
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    aside = path.with_name(f".{path.name}.{os.getpid()}.part")
    with aside.open("wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        for _, array in sorted(arrays.items()):
            file.write(np.ascontiguousarray(array).reshape(-1).view(np.uint8).data)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
