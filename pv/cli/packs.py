"""Many small entries in few files: a file an entry costs more to write than the entry costs to make.

A pack is a head, which names the key and the size of every entry and ends with its own digest, and the entries, of
which each begins with its own. It is written aside and renamed and never changed, so any number of processes may read
and write a folder. What is cut short or altered counts as missing.
"""

import contextlib
import hashlib
import os
import struct
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

MOST: Final = 10_000
"""Entries that are kept; beyond it the older half goes."""

MOST_PACKS: Final = 64
"""Packs that are kept; beyond it they become one."""

SUFFIX: Final = ".pack"
_BEGIN: Final = struct.Struct(">12sI")
_MARK: Final = b"pv contracts"
_ROW: Final = struct.Struct(">32sQ")
_DIGEST_BYTES: Final = 32

_Places = dict[bytes, tuple[Path, int, int]]
"""Key to the pack, where in it the entry begins, and its size."""


class Packs:
    """The entries below a folder, by keys of 32 bytes.

    Args:
        folder: Where packs lie; it need not be there.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._places = _places(_by_age(folder))

    def __len__(self) -> int:
        """Number of entries."""
        return len(self._places)

    def content(self, key: bytes) -> bytes | None:
        """Return an entry; None where there is none."""
        if key not in self._places:
            return None
        path, start, size = self._places[key]
        try:
            return _part(path, start, size)
        except OSError:
            return None

    def add(self, entries: Mapping[bytes, bytes]) -> None:
        """Store entries; a folder that cannot be written is no loss."""
        with contextlib.suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            _write(self._folder, [(key, len(content)) for key, content in entries.items()], entries.values())
            self._tidy()

    def _tidy(self) -> None:
        """Make one pack of many, and remove the older half of too many entries."""
        packs = _by_age(self._folder)
        kept = _places(packs)
        if len(packs) <= MOST_PACKS and len(kept) <= MOST:
            return
        rows = list(kept.items())[: MOST // 2 if len(kept) > MOST else None]
        contents = [_part(*place) for _, place in rows]
        whole = _write(self._folder, [(key, size) for key, (_, _, size) in rows], contents)
        for path in packs:
            if path != whole:
                path.unlink(missing_ok=True)


def _by_age(folder: Path) -> list[Path]:
    """The packs below a folder, the newest first."""
    try:
        found = [(-path.stat().st_mtime_ns, path) for path in folder.iterdir() if path.suffix == SUFFIX]
    except OSError:
        return []
    return [path for _, path in sorted(found)]


def _places(packs: Iterable[Path]) -> _Places:
    """Where every entry lies; of one that is there twice, the first."""
    found: _Places = {}
    for path in packs:
        for key, place in _heads(path).items():
            found.setdefault(key, place)
    return found


def _part(path: Path, start: int, size: int) -> bytes:
    with open(path, "rb", buffering=0) as file:  # noqa: PTH123  thousands of times
        file.seek(start)
        return file.read(size)


def _heads(path: Path) -> _Places:
    """What a pack says that it holds; nothing where its head is not whole."""
    try:
        with path.open("rb") as file:
            begin = file.read(_BEGIN.size)
            mark, count = _BEGIN.unpack(begin)
            table = file.read(min(count, 100 * MOST) * _ROW.size)
            digest = file.read(_DIGEST_BYTES)
    except (OSError, struct.error):
        return {}
    if mark != _MARK or hashlib.sha256(begin + table).digest() != digest:
        return {}
    found: _Places = {}
    start = len(begin) + len(table) + _DIGEST_BYTES
    for key, size in _ROW.iter_unpack(table):
        found[key] = (path, start, size)
        start += size
    return found


def _write(folder: Path, rows: Iterable[tuple[bytes, int]], contents: Iterable[bytes]) -> Path:
    """Write a pack; its name is the digest of its head, so that equal ones are one file."""
    table = b"".join(_ROW.pack(key, size) for key, size in rows)
    head = _BEGIN.pack(_MARK, len(table) // _ROW.size) + table
    digest = hashlib.sha256(head)
    path = folder / f"{digest.hexdigest()}{SUFFIX}"
    aside = path.with_suffix(f".{os.getpid()}")
    with aside.open("wb") as file:
        file.write(head + digest.digest())
        file.writelines(contents)
    aside.replace(path)
    return path
