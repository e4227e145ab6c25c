"""Remembers contracts as they were read and checked, one entry a file, and reads what is new on several cores.

An entry's name digests the bytes of the file, its path as given, the sources that read it and the versions of the
packages they use, so an entry is never out of date, only unused. Verdicts are not stored: they are derived every time.
Entries are safe to delete, to share and to write in parallel: each is written aside and renamed, begins with its own
digest, and may name no class but those of a contract, so a corrupt one counts as missing and none can run code.
"""

import contextlib
import copyreg
import hashlib
import io
import os
import pathlib
import pickle
import stat
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import pv.contract
from pv.cli.inputs import packages, sources_digest
from pv.cli.workers import mapped
from pv.contract import Loaded, load
from pv.contract.legacy import Dialect
from pv.contract.reader import MAX_BYTES

FORMAT: Final = "1"
MOST: Final = 20_000
"""Entries that are kept; beyond it the older half goes."""

_DIGEST_BYTES: Final = 32
_PATHS: Final = {name: getattr(pathlib, name) for name in ("PosixPath", "WindowsPath")}


class Places(Mapping[Any, Any]):
    """A mapping that stays packed until it is looked at: most places of most contracts never are."""

    def __init__(self, packed: bytes) -> None:
        self._packed = packed
        self._items: dict[Any, Any] | None = None

    def _unpacked(self) -> dict[Any, Any]:
        if self._items is None:
            self._items = dict(_Unpickler(io.BytesIO(self._packed)).load())
        return self._items

    def __getitem__(self, key: Any) -> Any:
        return self._unpacked()[key]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._unpacked())

    def __len__(self) -> int:
        return len(self._unpacked())

    def __reduce__(self) -> tuple[Any, ...]:
        return Places, (self._packed,)


class _Pickler(pickle.Pickler):
    """Packs a contract; a read-only mapping becomes `Places`."""

    dispatch_table = copyreg.dispatch_table | {
        MappingProxyType: lambda mapping: (Places, (pickle.dumps(dict(mapping), protocol=5),))
    }


class _Unpickler(pickle.Unpickler):
    """Makes classes of `pv.contract`, paths and `Places`, and refuses everything else."""

    def find_class(self, module: str, name: str) -> Any:
        if module == "pathlib" and name in _PATHS:
            return _PATHS[name]
        if (module, name) == (Places.__module__, "Places"):
            return Places
        found = super().find_class(module, name) if module.partition(".")[0] == "pv" else None
        if isinstance(found, type) and found.__module__ == module and module.startswith("pv.contract."):
            return found
        raise pickle.UnpicklingError(f"{module}.{name} is no part of a contract")


class ContractCache:
    """Contracts by the bytes they were read from.

    Args:
        folder: Where entries lie; None does without.
        dialect: Generation of the older tool that decides what is rejected.
    """

    def __init__(self, folder: Path | None, dialect: Dialect = "old") -> None:
        self._folder = folder
        self.dialect = dialect
        self._stored = _names(folder) if folder else frozenset()
        own = sources_digest(Path(pv.contract.__file__).parent)
        versions = repr((FORMAT, dialect, sys.version, packages(), own))
        self._versions = hashlib.sha256(versions.encode(errors="surrogateescape")).hexdigest()

    def recall(self, path: Path) -> Loaded | None:
        """Return the contract of a file, if these bytes were read before."""
        entry = self._entry(path) if self._stored else None
        if entry is None or entry.name not in self._stored:
            return None
        try:
            loaded = unpacked(entry.read_bytes())
        except OSError:
            return None
        return loaded if loaded and loaded.path == path else None

    def read(self, path: Path) -> Loaded:
        """Read and check a file."""
        return load(path, dialect=self.dialect)

    def packed(self, path: Path) -> bytes | None:
        """Read and check a file, store it, and return it packed; None where it cannot be packed."""
        before = self._entry(path)
        content = packed(self.read(path))
        if before and content and self._entry(path) == before:
            self._store(before, content)
        return content

    def trim(self) -> None:
        """Remove the older half where there are too many entries."""
        with contextlib.suppress(OSError):
            entries = list(self._folder.iterdir()) if self._folder else []
            if len(entries) > MOST:
                entries.sort(key=lambda entry: entry.stat().st_mtime_ns)
                for entry in entries[: len(entries) // 2]:
                    entry.unlink()

    def _entry(self, path: Path) -> Path | None:
        """Where the contract of these bytes lies; None without a folder, and for what is not read whole."""
        if self._folder is None:
            return None
        try:
            found = path.stat()
            if not stat.S_ISREG(found.st_mode) or found.st_size > MAX_BYTES:
                return None
            content = hashlib.sha256(path.read_bytes()).hexdigest()
        except (OSError, ValueError):
            return None
        key = f"{self._versions}\0{path}\0{content}".encode(errors="surrogateescape")
        return self._folder / f"{hashlib.sha256(key).hexdigest()}.contract"

    def _store(self, entry: Path, content: bytes) -> None:
        aside = entry.with_suffix(f".{os.getpid()}")
        with contextlib.suppress(OSError):
            entry.parent.mkdir(parents=True, exist_ok=True)
            aside.write_bytes(content)
            aside.replace(entry)


def _names(folder: Path) -> frozenset[str]:
    try:
        return frozenset(path.name for path in folder.iterdir())
    except OSError:
        return frozenset()


def packed(loaded: Loaded) -> bytes | None:
    """Return a contract as bytes that begin with their digest; None for one that cannot be packed."""
    content = io.BytesIO()
    try:
        _Pickler(content, protocol=5).dump(loaded)
    except (pickle.PicklingError, TypeError, AttributeError, RecursionError):
        return None
    return hashlib.sha256(content.getvalue()).digest() + content.getvalue()


def unpacked(content: bytes | None) -> Loaded | None:
    """Return the contract that was packed; None for anything else, whatever it holds."""
    if not content or hashlib.sha256(content[_DIGEST_BYTES:]).digest() != content[:_DIGEST_BYTES]:
        return None
    try:
        loaded = _Unpickler(io.BytesIO(content[_DIGEST_BYTES:])).load()
    except Exception:  # noqa: BLE001  what a stranger wrote can fail in every way
        return None
    return loaded if isinstance(loaded, Loaded) else None


def load_each(paths: Iterable[Path], cache: ContractCache, jobs: int) -> tuple[Loaded, ...]:
    """Return the contracts of files, in their order, whatever the number of processes that read them.

    Args:
        paths: Files; one that is no contract, or is gone, has problems.
        cache: What was read before.
        jobs: Processes to read with; 0 for one a core where that pays.
    """
    listed = list(paths)
    found = {path: loaded for path in listed if (loaded := cache.recall(path)) is not None}
    missing = [path for path in listed if path not in found]
    if missing:
        contents = mapped(cache.packed, missing, jobs)
        found |= {path: unpacked(content) or cache.read(path) for path, content in zip(missing, contents, strict=True)}
        cache.trim()
    return tuple(found[path] for path in listed)
