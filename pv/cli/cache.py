"""Remembers contracts as they were read and checked, and reads what is new on several cores.

An entry's key digests the bytes of the file, its path as given, the sources that read it and the versions of the
packages they use, so an entry is never out of date, only unused. Verdicts are not stored: they are derived every time.
Packs of entries are safe to delete, to share and to write in parallel. An entry begins with its own digest, and may
name no class but those of a contract, so a corrupt one counts as missing and none can run code.
"""

import copyreg
import functools
import gc
import hashlib
import importlib
import io
import pathlib
import pickle
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import pv.contract
from pv.cli.inputs import packages, sources_digest
from pv.cli.packs import Packs
from pv.cli.workers import mapped, processes_for
from pv.contract import Dialect, Loaded, Places, content_of, load, parse

FORMAT: Final = "3"
_DIGEST_BYTES: Final = 32
_PATHS: Final = {name: getattr(pathlib, name) for name in ("PosixPath", "WindowsPath")}


class Packed(Mapping[Any, Any]):
    """A mapping that stays packed until it is looked at: the places of most contracts never are."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._mapping: Mapping[Any, Any] | None = None

    def _unpacked(self) -> Mapping[Any, Any]:
        if self._mapping is None:
            found = _Unpickler(io.BytesIO(self._content)).load()
            self._mapping = found if isinstance(found, Places) else dict(found)
        return self._mapping

    def __getitem__(self, key: Any) -> Any:
        return self._unpacked()[key]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._unpacked())

    def __len__(self) -> int:
        return len(self._unpacked())

    def __reduce__(self) -> tuple[Any, ...]:
        return Packed, (self._content,)


class _Pickler(pickle.Pickler):
    """Packs a contract; its places become `Packed`, as does what is read-only."""

    dispatch_table = copyreg.dispatch_table | {
        Places: lambda places: (Packed, (pickle.dumps(places, protocol=5),)),
        MappingProxyType: lambda mapping: (Packed, (pickle.dumps(dict(mapping), protocol=5),)),
    }


class _Unpickler(pickle.Unpickler):
    """Makes classes of `pv.contract`, paths and `Packed`, and refuses everything else."""

    def find_class(self, module: str, name: str) -> Any:
        return _part(module, name)


@functools.cache
def _part(module: str, name: str) -> Any:
    if module == "pathlib" and name in _PATHS:
        return _PATHS[name]
    if (module, name) == (Packed.__module__, "Packed"):
        return Packed
    if module.startswith("pv.contract."):
        found = getattr(importlib.import_module(module), name, None)
        if isinstance(found, type) and found.__module__ == module:
            return found
    raise pickle.UnpicklingError(f"{module}.{name} is no part of a contract")


class ContractCache:
    """Contracts by the bytes they were read from.

    Args:
        folder: Where packs lie; None does without.
        dialect: Generation of the older tool that decides what is rejected.
    """

    def __init__(self, folder: Path | None, dialect: Dialect = "old") -> None:
        self.dialect = dialect
        self._packs = Packs(folder) if folder else None
        own = sources_digest(Path(pv.contract.__file__).parent)
        versions = repr((FORMAT, dialect, sys.version, packages(), own))
        self._versions = hashlib.sha256(versions.encode(errors="surrogateescape")).hexdigest()

    def recall(self, path: Path) -> Loaded | None:
        """Return the contract of a file, if these bytes were read before."""
        if not self._packs:
            return None
        try:
            key = _key(content_of(path), path, self._versions)
        except (OSError, ValueError):
            return None
        loaded = unpacked(self._packs.content(key))
        return loaded if loaded and loaded.path == path else None

    def read_each(self, paths: Sequence[Path], jobs: int) -> Iterator[Loaded]:
        """Read and check files, and store what was read where there is a folder."""
        processes = processes_for(paths, jobs)
        if self._packs is None and processes == 1:
            yield from (load(path, dialect=self.dialect) for path in paths)
            return
        read = partial(_read, dialect=self.dialect, versions=self._versions, share=processes > 1)
        stored: dict[bytes, bytes] = {}
        for path, (key, content, loaded) in zip(paths, mapped(read, paths, jobs), strict=True):
            if self._packs is not None and key and content:
                stored[key] = content
            yield loaded or unpacked(content) or load(path, dialect=self.dialect)
        if self._packs is not None and stored:
            self._packs.add(stored)


def load_each(paths: Iterable[Path], cache: ContractCache, jobs: int) -> tuple[Loaded, ...]:
    """Return the contracts of files, in their order, whatever the number of processes that read them.

    Args:
        paths: Files; one that is no contract, or is gone, has problems.
        cache: What was read before.
        jobs: Processes to read with; 0 for one a core where that pays.
    """
    listed = list(paths)
    with _uncollected():
        found = {path: loaded for path in listed if (loaded := cache.recall(path)) is not None}
        missing = [path for path in listed if path not in found]
        found |= zip(missing, cache.read_each(missing, jobs), strict=True)
    return tuple(found[path] for path in listed)


@contextmanager
def _uncollected() -> Iterator[None]:
    """No garbage is looked for meanwhile: what is read is kept, and looking through it takes longer than reading."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _read(
    path: Path, *, dialect: Dialect, versions: str, share: bool
) -> tuple[bytes | None, bytes | None, Loaded | None]:
    """Read and check a file in whatever process.

    Returns:
        The key to store it under, None where there was nothing to read; the contract packed; and the contract
        itself, unless it is to go to another process, where only what is packed goes.
    """
    try:
        raw = content_of(path)
    except (OSError, ValueError):
        loaded = load(path, dialect=dialect)
        return None, packed(loaded) if share else None, None if share else loaded
    loaded = parse(raw, path, dialect=dialect)
    return _key(raw, path, versions), packed(loaded), None if share else loaded


def _key(raw: bytes, path: Path, versions: str) -> bytes:
    """Digest of a file's bytes, its path and what reads it."""
    content = hashlib.sha256(raw).hexdigest()
    return hashlib.sha256(f"{versions}\0{path}\0{content}".encode(errors="surrogateescape")).digest()


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
