"""Documents: UTF-8 texts from the interpreter's library, from installed packages, or from a folder."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import sysconfig
from collections import Counter
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from pathlib import Path

from aprtrain.errors import InputError
from aprtrain.files import digest_bytes

STANDARD_LIBRARY = "stdlib"
SITE_PACKAGES = "site-packages"
PACKAGES = ("flax", "hypothesis", "jax", "numpy", "optax", "orbax", "pydantic", "rich")
"""The installed dependencies that make the corpus `site-packages`."""

_LEFT_OUT = frozenset(
    {"test", "tests", "_tests", "testing", "idlelib", "site-packages", "dist-packages", "__pycache__"}
)
_HEADER = re.compile(rb"\A(?:[ \t]*#[^\n]*\n|[ \t\r]*\n)+")
"""Leading comment lines: licences, the same in hundreds of files, would be most of what the head of a file scores."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One text; `id` is the SHA-256 of its UTF-8 bytes."""

    id: str
    name: str
    text: str
    size: int
    """Bytes of UTF-8."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """Documents sorted by id, no two with the same text, and why others were left out."""

    name: str
    documents: tuple[Document, ...]
    skipped: dict[str, int] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """SHA-256 over the sorted ids."""
        return digest_bytes("\n".join(document.id for document in self.documents).encode())

    @property
    def size(self) -> int:
        """Bytes of all documents."""
        return sum(document.size for document in self.documents)


def gather(
    source: str,
    *,
    max_document_bytes: int = 1_000_000,
    max_bytes: int = 1 << 40,
    excluded: AbstractSet[str] = frozenset(),
) -> Corpus:
    """The documents of `stdlib`, `site-packages` or a folder, less those whose id is in `excluded`.

    Documents are taken in the order of their ids, which is as good as random, until `max_bytes`.

    Raises:
        InputError: the folder does not exist, or no document is left.
    """
    skipped: Counter[str] = Counter()
    found: dict[str, Document] = {}
    for name, data in _raw_documents(source, max_document_bytes, skipped):
        reason = _unfit(data, max_document_bytes)
        identity = digest_bytes(data)
        if reason is None and identity in found:
            reason = "duplicate"
        if reason is None and identity in excluded:
            reason = "in the excluded shards"
        if reason is not None:
            skipped[reason] += 1
            continue
        found[identity] = Document(id=identity, name=name, text=data.decode(), size=len(data))
    kept: list[Document] = []
    total = 0
    for _, document in sorted(found.items()):
        if total + document.size > max_bytes:
            skipped["beyond the size of the corpus"] += 1
            continue
        kept.append(document)
        total += document.size
    if not kept:
        reasons = ", ".join(f"{count} {reason}" for reason, count in sorted(skipped.items())) or "no file found"
        fix = 'give a folder of UTF-8 text files, or of .jsonl files with a "text" field'
        raise InputError(source, f"holds no usable document ({reasons})", fix)
    return Corpus(name=_label(source), documents=tuple(kept), skipped=dict(skipped))


def _label(source: str) -> str:
    return source if source in (STANDARD_LIBRARY, SITE_PACKAGES) else Path(source).resolve().name


def _unfit(data: bytes, max_document_bytes: int) -> str | None:
    if len(data) > max_document_bytes:
        return "too long"
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return "not UTF-8"
    if "\0" in text:
        return "binary"
    return None if text.strip() else "empty"


def _raw_documents(source: str, limit: int, skipped: Counter[str]) -> Iterator[tuple[str, bytes]]:
    if source == STANDARD_LIBRARY:
        root = Path(sysconfig.get_paths()["stdlib"])
        for name, data in _files(root, limit, skipped, suffix=".py", left_out=_LEFT_OUT):
            yield name, _HEADER.sub(b"", data)
    elif source == SITE_PACKAGES:
        for package in PACKAGES:
            for name, data in _files(_package(package), limit, skipped, suffix=".py", left_out=_LEFT_OUT):
                yield f"{package}/{name}", _HEADER.sub(b"", data)
    else:
        root = Path(source)
        if not root.is_dir():
            raise InputError(source, "is no folder", "give stdlib, site-packages, or a folder of text files")
        for name, data in _files(root, limit, skipped, suffix="", left_out=frozenset()):
            if name.endswith(".jsonl"):
                yield from _lines(name, data, skipped)
            else:
                yield name, data


def _package(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise InputError(f"package {name!r}", "is not installed", f"pip install {name}")
    return Path(next(iter(spec.submodule_search_locations)))


def _files(
    root: Path, limit: int, skipped: Counter[str], *, suffix: str, left_out: AbstractSet[str]
) -> Iterator[tuple[str, bytes]]:
    """Regular files below `root`; symbolic links are never followed, so that no loop is endless."""
    for folder, folders, names in os.walk(root, followlinks=False):
        folders[:] = sorted(name for name in folders if name not in left_out)
        for name in sorted(names):
            path = Path(folder, name)
            if not name.endswith(suffix):
                continue
            if path.is_symlink() or not path.is_file():
                skipped["no regular file"] += 1
                continue
            try:
                if path.stat().st_size > limit and not name.endswith(".jsonl"):
                    skipped["too long"] += 1
                    continue
                data = path.read_bytes()
            except OSError:
                skipped["unreadable"] += 1
                continue
            yield path.relative_to(root).as_posix(), data


def _lines(name: str, data: bytes, skipped: Counter[str]) -> Iterator[tuple[str, bytes]]:
    for number, line in enumerate(data.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            text = json.loads(line)["text"]
            yield f"{name}:{number}", text.encode()
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            skipped['no JSON with a "text" string'] += 1
