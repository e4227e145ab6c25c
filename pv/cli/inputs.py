"""Digests of what decides a result: every name, every byte and every link that a command would look at.

A digest may cover more than a command reads, never less. Links are followed, each real folder once, and a link
is told apart from what it leads to, since sealed evidence must hold no links.
"""

# This runs before every command, and path objects for thousands of files would take longer than reading them.
# ruff: noqa: PTH112, PTH115, PTH116, PTH123, PTH208

import hashlib
import os
import stat
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from typing import Final

import click

MOST_BYTES: Final = 1 << 24
"""So much of a contract is digested, beside its size; the loader refuses far smaller files."""

_CHUNK = 1 << 20
_SKIPPED = frozenset({"__pycache__"})

_Skip = Callable[[os.DirEntry[str], int], bool]
"""Whether an entry, so many folders below the root, has no say."""


def contracts_digest(path: Path) -> str:
    """Digest a contract file, or every YAML file below a folder that is not hidden."""
    return _digest(path, _no_contract, MOST_BYTES)


def evidence_digest(root: Path, *, stems: Collection[str] | None = None) -> str:
    """Digest every byte of the bundles below a folder; only the checkpoint beside a `raw/` has no say.

    Args:
        root: Folder with a folder of bundles for each contract.
        stems: Names of the contracts whose bundles are looked at; all of them by default.
    """

    def skipped(entry: os.DirEntry[str], depth: int) -> bool:
        if depth == 0:
            return stems is not None and entry.name not in stems
        return depth == 2 and entry.name == "checkpoint"

    return _digest(root, skipped)


def sources_digest(root: Path) -> str:
    """Digest a source tree without what Python keeps there."""
    return _digest(root, lambda entry, _: entry.name in _SKIPPED)


def packages() -> tuple[str, ...]:
    """Names with versions of the packages that are installed beside ours."""
    beside = Path(click.__file__).parents[1]
    return tuple(sorted(name for name in _names(beside) if name.endswith((".dist-info", ".egg-info"))))


def _names(folder: Path) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []


def _no_contract(entry: os.DirEntry[str], _depth: int) -> bool:
    name = entry.name.lower()
    return name.startswith(".") or not (name.endswith((".yaml", ".yml")) or _is_folder(entry))


def _digest(root: Path, skip: _Skip, most: int | None = None) -> str:
    total = hashlib.sha256()
    for part in _parts(str(root), skip, most):
        total.update(part)
    return total.hexdigest()


def _parts(root: str, skip: _Skip, most: int | None) -> Iterator[bytes]:
    """What is digested of a tree, in order: a name, what it is, and its bytes."""
    if not os.path.isdir(root):
        yield _content(root, most)
        return
    pending = [(root, "", 0)]
    visited: set[str] = set()
    while pending:
        folder, name, depth = pending.pop()
        real = os.path.realpath(folder)
        yield _line("folder", name, "again" if real in visited else "")
        if real in visited:
            continue
        visited.add(real)
        try:
            with os.scandir(folder) as found:
                entries = sorted((entry for entry in found if not skip(entry, depth)), key=lambda entry: entry.name)
        except OSError as error:
            yield _line("unlisted", name, str(error.errno))
            continue
        for entry in entries:
            below = f"{name}/{entry.name}"
            yield _line("entry", below, _target(entry))
            if _is_folder(entry):
                pending.append((entry.path, below, depth + 1))
            else:
                yield _content(entry.path, most)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _target(entry: os.DirEntry[str]) -> str:
    """Where a link leads; empty for what is no link, or is gone."""
    try:
        return os.readlink(entry.path) if entry.is_symlink() else ""
    except OSError:
        return ""


def _line(*parts: str) -> bytes:
    return "\0".join((*parts, "\n")).encode(errors="surrogateescape")


def _content(path: str, most: int | None) -> bytes:
    """Digest of a file's bytes and its size; a pipe or a device is not waited for."""
    try:
        found = os.stat(path)
        if not stat.S_ISREG(found.st_mode):
            return _line("special", str(stat.S_IFMT(found.st_mode)))
        with open(path, "rb", buffering=0) as file:
            return _line("file", str(found.st_size)) + _hashed(iter(lambda: file.read(_CHUNK), b""), most)
    except (OSError, ValueError) as error:
        return _line("unreadable", str(error))


def _hashed(chunks: Iterable[bytes], most: int | None) -> bytes:
    total, left = hashlib.sha256(), most
    for chunk in chunks:
        total.update(chunk)
        left = None if left is None else left - len(chunk)
        if left is not None and left <= 0:
            break
    return total.digest()
