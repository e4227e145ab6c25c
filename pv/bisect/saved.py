"""A trace that a system left in a folder: `trace.json`, and the outputs in `values.safetensors`."""

import json
from pathlib import Path
from typing import Any, Final

from pv.bisect.compare import Trace
from pv.errors import UsageError

MOST_BYTES: Final = 16 * 2**20
"""Of `trace.json`."""
_FIX: Final = "save it again, e.g. by `aprtrain trace --save`"


def read_trace(folder: Path) -> Trace:
    """The trace in a folder.

    Raises:
        UsageError: There is none, or its two files do not say the same.
    """
    rows_file, values_file = folder / "trace.json", folder / "values.safetensors"
    try:
        if rows_file.stat().st_size > MOST_BYTES:
            raise UsageError(str(rows_file), f"is larger than {MOST_BYTES} bytes", _FIX)
        said = json.loads(rows_file.read_text(encoding="utf-8"))
        values = _values(values_file)
    except (OSError, ValueError, RecursionError) as error:
        raise UsageError(str(folder), f"holds no saved trace ({error})", _FIX) from error
    try:
        shapes = {str(row["name"]): tuple(row["shape"]) for row in said["rows"]}
        first, stop = map(int, said["positions"])
        counts = tuple(int(row["count"]) for row in said["rows"])
        tokens, dtype, platform = (str(said[key]) for key in ("tokens", "dtype", "platform"))
    except (KeyError, TypeError, ValueError) as error:
        raise UsageError(str(rows_file), f"is no trace ({error!r})", _FIX) from error
    if len(shapes) != len(counts) or shapes != {name: value.shape for name, value in values.items()}:
        raise UsageError(str(folder), f"{values_file.name} does not hold the operations of {rows_file.name}", _FIX)
    return Trace(
        tokens=tokens,
        positions=(first, stop),
        dtype=dtype,
        platform=platform,
        counts=counts,
        values={name: values[name] for name in shapes},
    )


def _values(path: Path) -> dict[str, Any]:
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        values: dict[str, Any] = load_file(path)
    except SafetensorError as error:
        raise ValueError(f"{path.name}: {error}") from error
    return values
