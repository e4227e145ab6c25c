"""The list of everything under `raw/`, with sizes and digests: the one thing that names a bundle."""

import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from pv.errors import EvidenceError
from pv.evidence.canonical import canonical_bytes, parse_object, sha256_bytes, sha256_file
from pv.records import dataclass

MANIFEST = "manifest.json"
RAW = "raw"
DIGEST_CHARS = 12
"""How much of the manifest's digest ends a bundle's folder name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One file that a manifest lists."""

    path: str
    """Below the bundle, with forward slashes, e.g. `raw/metrics.jsonl`."""

    size: int
    """Bytes."""

    sha256: str


def manifest_bytes(folder: Path) -> bytes:
    """Return the canonical manifest of what lies under `folder/raw` now.

    Raises:
        EvidenceError: There is nothing there, or something other than regular files and folders.
    """
    files: list[dict[str, Any]] = []
    for name, path in raw_files(folder):
        if path.is_symlink() or not path.is_file():
            raise EvidenceError(str(path), "not a regular file", "evidence holds plain files: copy what it points to")
        if not _inside_raw(name):
            raise EvidenceError(ascii(name), "the file's name cannot be listed", "use printable characters")
        files.append({"path": name, "size": path.stat().st_size, "sha256": sha256_file(path)})
    if not files:
        raise EvidenceError(str(folder / RAW), "holds no file", "an empty record is no evidence: run the trial again")
    return canonical_bytes({"schema_version": "1", "files": files})


def manifest_digest(data: bytes) -> str:
    """Return the SHA-256 of a stored manifest, in hex; its first 12 characters end the folder's name."""
    return sha256_bytes(data)


def parse_manifest(data: bytes) -> tuple[Entry, ...]:
    """Return what a stored manifest lists.

    Raises:
        EvidenceError: It is not a manifest, lists nothing, lists a path twice, or a path outside `raw/`.
    """
    content = parse_object(data, MANIFEST)
    files = content.get("files")
    if content.get("schema_version") != "1" or not isinstance(files, list) or not files:
        raise _refused("it is not a list of files of schema_version 1")
    entries = tuple(_entry(row) for row in files)
    paths = [entry.path for entry in entries]
    if paths != sorted(set(paths)):
        raise _refused("its paths are not sorted, or one of them occurs twice")
    return entries


def raw_files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield name and path of everything under `folder/raw` that is no plain folder, sorted by name.

    Links are yielded and never followed.
    """
    found: list[tuple[str, Path]] = []
    pending = [folder / RAW]
    while pending:
        here = pending.pop()
        if here.is_symlink():
            found.append((here.relative_to(folder).as_posix(), here))
            continue
        for item in _scan(here):
            if item.is_dir(follow_symlinks=False):
                pending.append(Path(item.path))
            else:
                found.append((Path(item.path).relative_to(folder).as_posix(), Path(item.path)))
    yield from sorted(found)


def _scan(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as items:
            return list(items)
    except OSError as error:
        raise EvidenceError(str(folder), f"cannot be listed: {error.strerror}", "run the trial again") from error


def _entry(row: Any) -> Entry:
    match row:
        case {"path": str(path), "size": int(size), "sha256": str(sha256), **rest} if not rest:
            if not _inside_raw(path):
                raise _refused(f"path {path[:200]!r} lies outside raw/")
            return Entry(path=path, size=size, sha256=sha256)
        case _:
            raise _refused("a row is not {path, size, sha256}")


def _inside_raw(path: str) -> bool:
    pure = PurePosixPath(path)
    return (
        len(pure.parts) > 1
        and pure.parts[0] == RAW
        and ".." not in pure.parts
        and pure.as_posix() == path
        and path.isprintable()
    )


def _refused(what: str) -> EvidenceError:
    return EvidenceError(MANIFEST, what, "restore the manifest the bundle was sealed with")
