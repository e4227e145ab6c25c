"""Documents: UTF-8 texts from the interpreter's library, from installed packages, or from a folder."""

import importlib.util
import json
import os
import re
import sysconfig
from collections import Counter
from collections.abc import Callable, Iterator
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


FORMS: dict[str, Callable[[bytes], bytes]] = {
    "text": bytes,
    "code": lambda data: _HEADER.sub(b"", data),
    "line": lambda data: json.loads(data)["text"].encode(),
}
"""How a document's UTF-8 is made of what lies in its file."""


def _utf8(raw: bytes, form: str) -> bytes | None:
    """None where the line is no JSON with a text."""
    try:
        return FORMS[form](raw)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Where one text lies; `id` is the SHA-256 of its UTF-8 bytes."""

    id: str
    name: str
    size: int
    """Bytes of UTF-8."""
    path: str
    start: int
    length: int
    form: str

    @property
    def text(self) -> str:
        """Read anew; InputError where it is another text by now."""
        try:
            with Path(self.path).open("rb") as file:
                file.seek(self.start)
                data = _utf8(file.read(self.length), self.form)
        except OSError:
            data = None
        if data is None or digest_bytes(data) != self.id:
            raise InputError(self.path, f"{self.name} has changed while it was read", "run the command again")
        return data.decode()


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
    for name, path, start, raw, form in _pieces(source, max_document_bytes, skipped):
        data = _utf8(raw, form)
        identity = digest_bytes(data or b"")
        reason = _unfit(data, max_document_bytes)
        if reason or data is None or identity in found or identity in excluded:
            skipped[reason or ("duplicate" if identity in found else "in the excluded shards")] += 1
            continue
        found[identity] = Document(
            id=identity, name=name, size=len(data), path=path, start=start, length=len(raw), form=form
        )
    kept: list[Document] = []
    total = 0
    for _, document in sorted(found.items()):
        if total + document.size <= max_bytes:
            kept.append(document)
            total += document.size
    skipped["beyond the size of the corpus"] += len(found) - len(kept)
    skipped = +skipped
    if not kept:
        reasons = ", ".join(f"{count} {reason}" for reason, count in sorted(skipped.items())) or "no file found"
        fix = 'give a folder of UTF-8 text files, or of .jsonl files with a "text" field'
        raise InputError(source, f"holds no usable document ({reasons})", fix)
    label = source if source in (STANDARD_LIBRARY, SITE_PACKAGES) else Path(source).resolve().name
    return Corpus(name=label, documents=tuple(kept), skipped=dict(skipped))


def _unfit(data: bytes | None, max_document_bytes: int) -> str | None:
    if data is None:
        return 'no JSON with a "text" string'
    if len(data) > max_document_bytes:
        return "too long"
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return "not UTF-8"
    if "\0" in text:
        return "binary"
    return None if text.strip() else "empty"


def _pieces(source: str, limit: int, skipped: Counter[str]) -> Iterator[tuple[str, str, int, bytes, str]]:
    """Every candidate: name, file, where it starts in it, its bytes, its form."""
    code = source in (STANDARD_LIBRARY, SITE_PACKAGES)
    for prefix, root in _roots(source).items():
        for name, path in _files(root, code, skipped):
            try:
                if path.suffix == ".jsonl":
                    for number, start, line in _lines(path, limit):
                        yield f"{prefix}{name}:{number}", str(path), start, line, "line"
                elif path.stat().st_size > limit:
                    skipped["too long"] += 1
                else:
                    yield f"{prefix}{name}", str(path), 0, path.read_bytes(), "code" if code else "text"
            except OSError:
                skipped["unreadable"] += 1


def _roots(source: str) -> dict[str, Path]:
    """Where the documents lie, by what their names begin with."""
    if source == STANDARD_LIBRARY:
        return {"": Path(sysconfig.get_paths()["stdlib"])}
    if source == SITE_PACKAGES:
        return {f"{package}/": _package(package) for package in PACKAGES}
    if not Path(source).is_dir() and not Path(source).is_file():
        fix = "give stdlib, site-packages, a folder of text files, or a .jsonl file"
        raise InputError(source, "is no folder and no file", fix)
    return {"": Path(source)}


def _package(name: str) -> Path:
    for place in getattr(importlib.util.find_spec(name), "submodule_search_locations", None) or ():
        return Path(place)
    raise InputError(f"package {name!r}", "is not installed", f"pip install {name}")


def _files(root: Path, code: bool, skipped: Counter[str]) -> Iterator[tuple[str, Path]]:
    """Regular files below `root`, or itself; symbolic links are never followed, so that no loop is endless."""
    if root.is_file():
        yield root.name, root
    for folder, folders, names in os.walk(root, followlinks=False):
        folders[:] = sorted(name for name in folders if not code or name not in _LEFT_OUT)
        for path in (Path(folder, name) for name in sorted(names) if name.endswith(".py" if code else "")):
            if path.is_symlink() or not path.is_file():
                skipped["no regular file"] += 1
            else:
                yield path.relative_to(root).as_posix(), path


def _lines(path: Path, limit: int) -> Iterator[tuple[int, int, bytes]]:
    """Number, start and bytes of each line; one that is far too long comes in parts, none of which is JSON."""
    start = 0
    with path.open("rb") as file:
        for number, line in enumerate(iter(lambda: file.readline(8 * limit + 65_536), b""), start=1):
            if line.strip():
                yield number, start, line
            start += len(line)
