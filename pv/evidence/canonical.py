"""JSON that has one spelling, written and read with nothing left to chance.

Written JSON is canonical (RFC 8785), so equal content has equal bytes and equal digests. Read JSON is refused
where two readers could differ about it: duplicate keys, NaN and infinities, numbers that overflow to them,
unpaired surrogates, bad UTF-8, nesting beyond `MAX_DEPTH` and files beyond `MAX_BYTES`.
"""

import hashlib
import json
import math
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

import rfc8785

from pv.errors import EvidenceError

MAX_BYTES = 64 * 2**20
"""Largest file that is read as JSON; a run of a million steps stays below it."""

MAX_DEPTH = 64
"""Deepest nesting of arrays and objects."""

MAX_DIGITS = 300
"""Longest integer; every one of them converts to a finite double."""

REMAKE = "make the bundle again from the run, or restore the file from where it was sealed"


def canonical_bytes(value: Any) -> bytes:
    """Return the one spelling of a JSON value (RFC 8785), without a newline at its end.

    Raises:
        EvidenceError: The value has none: NaN, an integer beyond 2**53 - 1, or a type that JSON lacks.
    """
    try:
        return bytes(rfc8785.dumps(value))
    except (ValueError, RecursionError) as error:
        raise EvidenceError("JSON value", str(error), "write big counts and non-finite numbers as strings") from error


def sha256_bytes(data: bytes) -> str:
    """Return the SHA-256 of some bytes, in hex."""
    return hashlib.sha256(data).hexdigest()


def sha256_file(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hex, without holding them in memory."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_json(path: Path, value: Any) -> None:
    """Write `value` as canonical JSON; the file's own digest is the value's digest."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(canonical_bytes(value))


def write_jsonl(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write one canonical JSON object a line."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"".join(canonical_bytes(dict(row)) + b"\n" for row in rows))


def read_json(path: Path) -> Any:
    """Return the JSON value in a file.

    Raises:
        EvidenceError: The file cannot be read, or is not JSON of the kind described above; names its line.
    """
    return parse_json(_bytes_of(path), str(path))


def read_jsonl(path: Path) -> tuple[dict[str, Any], ...]:
    """Return the objects in a file of one JSON object a line.

    Raises:
        EvidenceError: As `read_json`, or a line holds something other than an object; names the line.
    """
    return parse_jsonl(_bytes_of(path), str(path))


def parse_json(data: bytes, name: str) -> Any:
    """Return the JSON value that `data` spells; `name` stands for it in errors.

    Raises:
        EvidenceError: As `read_json`.
    """
    return _parse(data, name, 1)


def parse_object(data: bytes, name: str) -> dict[str, Any]:
    """Return the JSON object that `data` spells.

    Raises:
        EvidenceError: As `read_json`, or the value is not an object.
    """
    return _object(_parse(data, name, 1), name, 1)


def parse_jsonl(data: bytes, name: str) -> tuple[dict[str, Any], ...]:
    """Return the objects that the lines of `data` spell.

    Raises:
        EvidenceError: As `read_jsonl`.
    """
    return tuple(_object(_parse(line, name, at), name, at) for at, line in enumerate(lines_of(data), 1))


def lines_of(data: bytes) -> list[bytes]:
    """Return the lines of `data` without their newlines; the last one may lack its own."""
    lines = data.split(b"\n")
    return lines if lines[-1] else lines[:-1]


def _bytes_of(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise EvidenceError(str(path), f"{size} bytes, at most {MAX_BYTES} are read as JSON", REMAKE)
        return path.read_bytes()
    except OSError as error:
        raise EvidenceError(str(path), f"cannot be read: {error.strerror}", REMAKE) from error


def _parse(data: bytes, name: str, line: int) -> Any:
    """Parse one JSON value that starts at `line` of `name`."""
    if len(data) > MAX_BYTES:
        raise EvidenceError(name, f"{len(data)} bytes, at most {MAX_BYTES} are read as JSON", REMAKE)
    try:
        text = data.decode("utf-8")
        value = _decoded(text)
        if "\\u" in text:
            json.dumps(value, ensure_ascii=False).encode("utf-8")
    except json.JSONDecodeError as error:
        raise EvidenceError(f"{name}:{line + error.lineno - 1}", f"not JSON: {error.msg}", REMAKE) from error
    except UnicodeDecodeError as error:
        at = line + data.count(b"\n", 0, error.start)
        raise EvidenceError(f"{name}:{at}", f"not UTF-8: byte 0x{data[error.start]:02x}", REMAKE) from error
    except UnicodeEncodeError as error:
        raise EvidenceError(f"{name}:{line}", "an unpaired surrogate in a string", REMAKE) from error
    except RecursionError as error:
        raise EvidenceError(f"{name}:{line}", f"nested deeper than {MAX_DEPTH}", REMAKE) from error
    except ValueError as error:
        raise EvidenceError(f"{name}:{line}", str(error), REMAKE) from error
    if text.count("[") + text.count("{") > MAX_DEPTH and _too_deep(value):
        raise EvidenceError(f"{name}:{line}", f"nested deeper than {MAX_DEPTH}", REMAKE)
    return value


def _object(value: Any, name: str, line: int) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise EvidenceError(f"{name}:{line}", f"expected an object, got {type(value).__name__}", REMAKE)
    return value


def _too_deep(value: Any) -> bool:
    layer = [value]
    for _ in range(MAX_DEPTH):
        layer = [
            part
            for whole in layer
            if isinstance(whole, list | dict)
            for part in (whole.values() if isinstance(whole, dict) else whole)
            if isinstance(part, list | dict)
        ]
        if not layer:
            return False
    return True


def _no_constant(text: str) -> NoReturn:
    raise ValueError(f"{text} is not a JSON number")


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{text[:40]} is beyond the range of a double")
    return value


def _integer(text: str) -> int:
    if len(text) > MAX_DIGITS:
        raise ValueError(f"an integer of {len(text)} digits, at most {MAX_DIGITS} are read")
    return int(text)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        for twice, _ in pairs:
            if twice in seen:
                break
            seen.add(twice)
        raise ValueError(f"key {twice[:40]!r} occurs twice in one object")
    return found


_DECODER = json.JSONDecoder(
    object_pairs_hook=_unique, parse_constant=_no_constant, parse_float=_finite, parse_int=_integer
)


def _decoded(text: str) -> Any:
    """The value of a text; an object without blanks around it, as rows are stored, takes the short way."""
    if text[:1] == "{":
        with suppress(StopIteration):  # so a scanner says that a value is missing, and the decoder says where
            value, end = _DECODER.scan_once(text, 0)  # type: ignore[attr-defined]
            if end == len(text):
                return value
    return _DECODER.decode(text)
