"""Documents become shards of token ids, split by document, with a manifest that says what is in them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from aprtrain.corpus import Corpus, Document
from aprtrain.errors import InputError
from aprtrain.files import digest_file, write_json
from aprtrain.progress import Progress
from aprtrain.tokenizer import Tokenizer, load

FORMAT = "aprtrain-shards/1"
SPLITS = ("train", "val-a", "val-b")
SHARD_TOKENS = 10_000_000
PIECE_BYTES = 262_144
"""Text handed to a worker at a time; small enough for an even load."""

Ids = npt.NDArray[np.int64]


def split_of(document_id: str) -> str:
    """The split a document belongs to, decided by its content alone: 5 % val-a, 5 % val-b, else train."""
    bucket = int(document_id[:8], 16) % 100
    if bucket < 5:
        return "val-a"
    return "val-b" if bucket < 10 else "train"


def encode(corpus: Corpus, tokenizer_path: Path, out: Path, *, processes: int = 2) -> dict[str, Any]:
    """Writes shards, tokenizer.json and, last of all, manifest.json into `out`; returns the manifest.

    Raises:
        InputError: a split would be empty, or the tokenizer is unusable.
    """
    tokenizer = load(tokenizer_path)
    parts = {name: [one for one in corpus.documents if split_of(one.id) == name] for name in SPLITS}
    _refuse_empty(corpus, parts)
    out.mkdir(parents=True, exist_ok=True)
    (out / "manifest.json").unlink(missing_ok=True)
    source = tokenizer_path / "tokenizer.json" if tokenizer_path.is_dir() else tokenizer_path
    if source.resolve() != (out / "tokenizer.json").resolve():
        shutil.copyfile(source, out / "tokenizer.json")
    dtype = np.dtype("<u2" if tokenizer.vocab_size <= 1 << 16 else "<u4")
    progress = Progress("encode", corpus.size, unit="bytes")
    ordered = [document for name in SPLITS for document in parts[name]]
    with _Encoder(source, processes if corpus.size > 4 * PIECE_BYTES else 1) as encoder:
        streams = encoder.encode(ordered, progress)
        splits = {name: _write_split(name, parts[name], streams, tokenizer, dtype, out) for name in SPLITS}
    progress.finish()
    manifest = {
        "format": FORMAT,
        "tokenizer_digest": tokenizer.digest,
        "vocab_size": tokenizer.vocab_size,
        "unk_id": tokenizer.unk_id,
        "eos_id": tokenizer.eos_id,
        "dtype": "uint16" if dtype.itemsize == 2 else "uint32",
        "corpus": {
            "name": corpus.name,
            "documents": len(corpus.documents),
            "bytes": corpus.size,
            "digest": corpus.digest,
        },
        "splits": splits,
    }
    write_json(out / "manifest.json", manifest)
    return manifest


def _refuse_empty(corpus: Corpus, parts: dict[str, list[Document]]) -> None:
    empty = [name for name in SPLITS if not parts[name]]
    if empty:
        counts = ", ".join(f"{name} {len(parts[name])}" for name in SPLITS)
        what = f"{len(corpus.documents)} documents leave {', '.join(empty)} empty ({counts})"
        fix = "give more documents: about 60 are enough for every split, 1,000 for a good validation split"
        raise InputError(corpus.name, what, fix)


def _write_split(
    name: str,
    documents: Sequence[Document],
    streams: Iterator[Ids],
    tokenizer: Tokenizer,
    dtype: np.dtype[Any],
    out: Path,
) -> dict[str, Any]:
    writer = _ShardWriter(name, dtype, out)
    writer.write(np.asarray([tokenizer.eos_id], np.int64))
    rows = []
    for document in documents:
        ids = next(streams)
        rows.append({"id": document.id, "name": document.name, "offset": writer.tokens - 1, "tokens": len(ids) + 1})
        writer.write(np.append(ids, tokenizer.eos_id))
    return {"shards": writer.close(), "tokens": writer.tokens, "documents": rows}


class _ShardWriter:
    """Appends ids to files of at most SHARD_TOKENS each."""

    def __init__(self, split: str, dtype: np.dtype[Any], out: Path) -> None:
        self._split, self._dtype, self._out = split, dtype, out
        self._pending: list[Ids] = []
        self._pending_tokens = 0
        self._shards: list[dict[str, Any]] = []
        self.tokens = 0

    def write(self, ids: Ids) -> None:
        """The ids stand at the end of the split's stream."""
        self.tokens += len(ids)
        while len(ids):
            taken, ids = (
                ids[: SHARD_TOKENS - self._pending_tokens],
                ids[SHARD_TOKENS - self._pending_tokens :],
            )
            self._pending.append(taken)
            self._pending_tokens += len(taken)
            if self._pending_tokens == SHARD_TOKENS:
                self._flush()

    def _flush(self) -> None:
        path = self._out / f"{self._split}-{len(self._shards):05d}.bin"
        path.write_bytes(np.concatenate(self._pending).astype(self._dtype).tobytes())
        self._shards.append({"file": path.name, "tokens": self._pending_tokens, "sha256": digest_file(path)})
        self._pending, self._pending_tokens = [], 0

    def close(self) -> list[dict[str, Any]]:
        """The shards written."""
        if self._pending:
            self._flush()
        return self._shards


class _Encoder:
    """Encodes documents in order, in this process or in several."""

    def __init__(self, tokenizer_path: Path, processes: int) -> None:
        self._path = tokenizer_path
        self._pool = (
            ProcessPoolExecutor(processes, get_context("spawn"), initializer=_start_child, initargs=(tokenizer_path,))
            if processes > 1
            else None
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def encode(self, documents: Sequence[Document], progress: Progress) -> Iterator[Ids]:
        """The ids of each document."""
        pieces = list(_pieces(documents))
        run: Callable[..., Iterator[list[Ids]]] = map if self._pool is None else self._pool.map
        if self._pool is None:
            _start_worker(self._path)
        for piece, encoded in zip(pieces, run(_encode_piece, pieces), strict=True):
            progress.advance(sum(len(text.encode()) for text in piece))
            yield from encoded


def _pieces(documents: Sequence[Document]) -> Iterator[list[str]]:
    piece: list[str] = []
    size = 0
    for document in documents:
        piece.append(document.text)
        size += document.size
        if size >= PIECE_BYTES:
            yield piece
            piece, size = [], 0
    if piece:
        yield piece


_worker: dict[str, Tokenizer] = {}
"""The tokenizer of this process; a worker reads it once."""


def _start_child(tokenizer_path: Path) -> None:
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    _start_worker(tokenizer_path)


def _start_worker(tokenizer_path: Path) -> None:
    _worker["tokenizer"] = load(tokenizer_path)


def _encode_piece(texts: list[str]) -> list[Ids]:
    return _worker["tokenizer"].encode(texts)
