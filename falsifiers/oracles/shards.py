"""Token shards read from their folder: manifest, streams, documents, digests."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from falsifiers.oracles.decoder import Ints

FORMAT = "aprtrain-shards/1"


class ShardError(ValueError):
    """A shards folder is absent, incomplete, or contradicts its manifest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Where one document lies in its split's stream."""

    id: str
    """sha256 of its text."""
    name: str
    offset: int
    """Index of the end-of-sequence token before it."""
    tokens: int
    """Its ids and the end-of-sequence token that closes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """One split: its stream of ids and its documents in manifest order."""

    stream: Ints
    documents: tuple[Document, ...]

    def sequence(self, document: Document, most: int | None = None) -> Ints:
        """The document's ids with the end-of-sequence token on either side; at most `most` targets of it."""
        targets = document.tokens if most is None else min(document.tokens, most)
        return np.asarray(self.stream[document.offset : document.offset + targets + 1]).astype(np.int32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shards:
    """A shards folder whose manifest holds together."""

    folder: Path
    manifest: dict[str, Any]
    splits: dict[str, Split]

    @property
    def vocab_size(self) -> int:
        """Number of ids of the tokenizer."""
        return int(self.manifest["vocab_size"])


def read_shards(folder: Path) -> Shards:
    """Read and validate a folder of shards; ShardError says what contradicts what."""
    path = folder / "manifest.json"
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        _require_format(path, manifest["format"])
        splits = {name: _split(folder, manifest, name) for name in ("train", "val-a", "val-b")}
    except ShardError:
        raise
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise ShardError(f"{path}: not a manifest of shards ({type(fault).__name__}: {fault})") from fault
    return Shards(folder=folder, manifest=manifest, splits=splits)


def _require_format(path: Path, found: object) -> None:
    if found != FORMAT:
        raise ShardError(f"{path}: format {found!r}, expected {FORMAT!r}")


def _split(folder: Path, manifest: dict[str, Any], name: str) -> Split:
    entry = manifest["splits"][name]
    dtype = np.dtype(manifest["dtype"]).newbyteorder("<")
    pieces = [_piece(folder / shard["file"], dtype, int(shard["tokens"])) for shard in entry["shards"]]
    stream = pieces[0] if len(pieces) == 1 else np.concatenate(pieces or [np.zeros(0, dtype)])
    documents = tuple(
        Document(id=d["id"], name=d["name"], offset=int(d["offset"]), tokens=int(d["tokens"]))
        for d in entry["documents"]
    )
    outside = [d.name for d in documents if d.offset < 0 or d.tokens < 1 or d.offset + d.tokens >= len(stream)]
    if outside or len(stream) != int(entry["tokens"]):
        what = f"{len(stream)} tokens in shards, {entry['tokens']} declared; documents outside: {outside[:3]}"
        raise ShardError(f"{folder / 'manifest.json'}: split {name}: {what}")
    if stream.max(initial=0) >= int(manifest["vocab_size"]):
        raise ShardError(f"{folder}: split {name}: id {stream.max()} in a vocabulary of {manifest['vocab_size']}")
    return Split(stream=stream, documents=documents)


def _piece(path: Path, dtype: np.dtype[Any], tokens: int) -> Ints:
    if path.stat().st_size != tokens * dtype.itemsize:
        raise ShardError(f"{path}: {path.stat().st_size} bytes, expected {tokens} x {dtype.itemsize}")
    return np.memmap(path, dtype=dtype, mode="r") if tokens else np.zeros(0, dtype)


def apart(shards: Shards) -> Ints:
    """The train split's stream with -1 in place of each document that another split holds too."""
    train = shards.splits["train"]
    held_out = {document.id for name in ("val-a", "val-b") for document in shards.splits[name].documents}
    shared = [document for document in train.documents if document.id in held_out]
    if not shared:
        return train.stream
    stream = np.asarray(train.stream).astype(np.int64)
    for document in shared:
        stream[document.offset + 1 : document.offset + document.tokens] = -1
    return stream


def altered(shards: Shards) -> list[str]:
    """Shard files whose sha256 is not the manifest's."""
    entries = [shard for split in shards.manifest["splits"].values() for shard in split["shards"]]
    return [e["file"] for e in entries if _sha256(shards.folder / e["file"]) != e["sha256"]]


def split_digest(shards: Shards, name: str) -> str:
    """sha256 of a split's stream, as bytes of the manifest's dtype."""
    return hashlib.sha256(np.ascontiguousarray(shards.splits[name].stream).data).hexdigest()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def occurs(stream: Ints, piece: Ints) -> bool:
    """Whether a piece is a contiguous part of a stream; looks only where its rarest token lies."""
    values, counts = np.unique(piece, return_counts=True)
    if len(piece) > len(stream) or values[0] < 0 or values[-1] > np.iinfo(stream.dtype).max:
        return False
    rarest = values[counts.argmin()]
    starts = np.flatnonzero(stream == rarest) - int(np.flatnonzero(piece == rarest)[0])
    starts = starts[(starts >= 0) & (starts <= len(stream) - len(piece))]
    places = np.arange(len(piece))
    chunks = (starts[i : i + 4096] for i in range(0, len(starts), 4096))
    return any(bool((stream[chunk[:, None] + places] == piece).all(axis=1).any()) for chunk in chunks)
