"""Bytes on disk: digests, JSON with sorted keys and no NaN, and writes that are whole or absent."""

import fcntl
import hashlib
import json
import math
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from aprtrain.errors import InputError


def digest_bytes(data: bytes) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(data).hexdigest()


def digest_file(path: Path) -> str:
    """SHA-256 in hex of a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def finite(value: float) -> float | str:
    """The number, or its name where JSON has none."""
    names = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}
    return value if math.isfinite(value) else names[str(float(value))]


def to_json(value: object, *, indent: int | None = None) -> str:
    """JSON text with sorted keys; a non-finite float is a ValueError."""
    return json.dumps(value, sort_keys=True, allow_nan=False, ensure_ascii=False, indent=indent)


def write_whole(path: Path, content: str | bytes) -> None:
    """The file holds `content`, text as UTF-8, or what it held before; never a part."""
    aside = path.with_name(f".{path.name}.{os.getpid()}.part")
    with aside.open("wb") as file:
        file.write(content.encode() if isinstance(content, str) else content)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)


def write_json(path: Path, value: object) -> None:
    """The file holds `value` as JSON, whole or not at all."""
    write_whole(path, to_json(value, indent=1) + "\n")


def read_json(path: Path, *, fix: str) -> dict[str, Any]:
    """The JSON object in a file.

    Raises:
        InputError: the file is missing, unreadable, no JSON, or no object.
    """
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(path, f"cannot be read as JSON ({error})", fix) from error
    if not isinstance(value, dict):
        raise InputError(path, f"holds {type(value).__name__}, not a JSON object", fix)
    return value


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """No other process works in the folder meanwhile; the lock ends with the process, however it ends.

    Raises:
        InputError: another process works there; it is named.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            what = f"process {file.read().strip()} is at work here"
            raise InputError(folder, what, "wait for it to end, or give another --run-dir") from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
