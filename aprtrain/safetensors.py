"""Reading and writing safetensors: an 8-byte little-endian length, a JSON header, raw tensors.

The `safetensors` package holds every entry of a header against the file; then the tensors are mapped, which it cannot
do for NumPy. A name that stands twice, which it does not see, is refused here.
Source: the format's own description, https://github.com/huggingface/safetensors#format.
"""

import json
import os
from collections.abc import Mapping
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
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="numpy"), path.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            header = json.loads(file.read(length), object_pairs_hook=_once)
    except (OSError, ValueError, SafetensorError) as error:
        raise InputError(path, f"is no sound file of safetensors ({error})", _FIX) from error
    header.pop("__metadata__", None)
    odd = [f"{name} of {row['dtype']}" for name, row in header.items() if row["dtype"] not in DTYPES]
    if odd:
        raise InputError(path, f"holds {', '.join(odd)}", f"give weights in {', '.join(DTYPES)}")
    data = np.memmap(path, np.uint8, "r")[8 + length :]
    return {name: _array(data[slice(*row["data_offsets"])], row) for name, row in header.items()}


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _array(data: Any, row: dict[str, Any]) -> Any:
    return np.asarray(data).view(DTYPES[row["dtype"]]).reshape(row["shape"])


def write_file(path: Path, arrays: Mapping[str, Any]) -> None:
    """The file holds the arrays by name, in C order whatever their strides; it is whole or absent."""
    from safetensors.numpy import save_file

    aside = path.with_name(f".{path.name}.{os.getpid()}.part")
    save_file({name: np.asarray(array, order="C") for name, array in arrays.items()}, aside, {"format": "pt"})
    aside.replace(path)
