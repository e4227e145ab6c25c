"""Documents become shards of token ids, split by document, with a manifest that says what is in them."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from itertools import accumulate, chain, count, groupby
from multiprocessing import get_context, parent_process
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from aprtrain.audit import faults
from aprtrain.corpus import Corpus, Document
from aprtrain.data import SPLITS
from aprtrain.errors import InputError
from aprtrain.files import digest_file, write_json, write_whole
from aprtrain.manifest import MANIFEST, UNFINISHED, contents, identify, refuse_degenerate, remembered
from aprtrain.progress import Progress
from aprtrain.tokenizer import Tokenizer, load

SHARD_TOKENS = 10_000_000
PIECE_BYTES = 262_144
"""Text handed to a worker at a time; small enough for an even load."""

Ids = npt.NDArray[Any]
Run = Callable[[list[list[Document]]], Iterator[list[Ids]]]
"""From pieces of text to the ids of their documents."""


def split_of(document_id: str) -> str:
    """The split a document belongs to, decided by its content alone: 5 % val-a, 5 % val-b, else train."""
    bucket = int(document_id[:8], 16) % 100
    if bucket < 5:
        return "val-a"
    return "val-b" if bucket < 10 else "train"


def encode(
    corpus: Corpus, tokenizer_path: Path, out: Path, *, processes: int = 2, accept_degenerate: bool = False
) -> dict[str, Any]:
    """Writes shards, tokenizer.json and, last of all, manifest.json into `out`; returns the manifest.

    Whole shards that an earlier run left there for the same corpus and tokenizer are kept.

    Raises:
        InputError: a split would be empty, the tokenizer is unusable, or what it makes of the documents is no text
            and `accept_degenerate` is not given.
    """
    tokenizer = load(tokenizer_path)
    parts = {name: [one for one in corpus.documents if split_of(one.id) == name] for name in SPLITS}
    if not all(parts.values()):
        counts = ", ".join(f"{name} {len(part)}" for name, part in parts.items())
        what = f"{len(corpus.documents)} documents leave a split empty ({counts})"
        fix = "give more documents: about 60 are enough for every split, 1,000 for a good validation split"
        raise InputError(corpus.name, what, fix)
    identity = identify(tokenizer, corpus)
    out.mkdir(parents=True, exist_ok=True)
    source = tokenizer_path / "tokenizer.json" if tokenizer_path.is_dir() else tokenizer_path
    write_whole(out / "tokenizer.json", source.read_bytes())
    known, _ = remembered(out, identity)
    write_json(out / UNFINISHED, identity | {"shards": known})
    for old in (out / MANIFEST, *out.glob(".*.part")):
        old.unlink(missing_ok=True)
    progress = Progress("encode", corpus.size, unit="bytes")
    files: dict[str, list[Path]] = {name: [] for name in SPLITS}
    with _workers(tokenizer, out, processes if corpus.size > 4 * PIECE_BYTES else 1) as run:
        for name in SPLITS:
            for path, ids in _shards(out / name, parts[name], tokenizer, known, run, progress):
                files[name].append(path)
                if ids is not None:
                    found = faults(np.bincount(ids), tokenizer.unk_id) if len(ids) == SHARD_TOKENS else ()
                    refuse_degenerate(path, found, accept_degenerate)
                    write_whole(path, ids.astype(tokenizer.dtype).tobytes())
                    known[path.name] = digest_file(path)
                    write_json(out / UNFINISHED, identity | {"shards": known})
    progress.finish()
    for old in {path for name in SPLITS for path in out.glob(f"{name}-*.bin")} - set(chain(*files.values())):
        old.unlink()
    manifest = identity | contents(tokenizer, files, parts)
    refuse_degenerate(out, manifest["accepted_faults"], accept_degenerate)
    write_json(out / MANIFEST, manifest)
    (out / UNFINISHED).unlink()
    return manifest


def _shards(
    stem: Path,
    documents: Sequence[Document],
    tokenizer: Tokenizer,
    known: Mapping[str, str],
    run: Run,
    progress: Progress,
) -> Iterator[tuple[Path, Ids | None]]:
    """The files of a split in order, with the ids of those that are not there whole.

    How many ends of text came before a file says which document it begins in, and so where encoding goes on.
    """
    seen = tail = 0
    stream: Iterator[Ids] | None = None
    for number in count():
        path = stem.with_name(f"{stem.name}-{number:05d}.bin")
        whole = path.is_file() and digest_file(path) == known.get(path.name)
        if whole:
            ids, stream = np.fromfile(path, tokenizer.dtype), None
        else:
            stream = stream or _cut(_closed(documents, seen, tokenizer, run, progress), tail)
            ids = next(stream)
        yield path, None if whole else ids
        ends = np.flatnonzero(ids == tokenizer.eos_id)
        tail = len(ids) - 1 - int(ends[-1]) if len(ends) else tail + len(ids)
        if whole:
            progress.skip(sum(one.size for one in documents[max(0, seen - 1) : seen + len(ends) - 1]))
        seen += len(ends)
        if seen > len(documents):
            return


def _cut(chunks: Iterator[Ids], skip: int) -> Iterator[Ids]:
    """The ids of the chunks but for the first `skip`, SHARD_TOKENS at a time."""
    held: list[Ids] = []
    size = 0
    for chunk in chunks:
        held.append(chunk[skip:])
        size, skip = size + len(held[-1]), 0
        while size >= SHARD_TOKENS:
            ids = np.concatenate(held)
            yield ids[:SHARD_TOKENS]
            held, size = [ids[SHARD_TOKENS:]], size - SHARD_TOKENS
    if size:
        yield np.concatenate(held)


def _closed(
    documents: Sequence[Document], first: int, tokenizer: Tokenizer, run: Run, progress: Progress
) -> Iterator[Ids]:
    """An end of text, then the ids of each document and the end of text that closes it, from the `first` of all on."""
    if first == 0:
        yield np.array([tokenizer.eos_id], tokenizer.dtype)
    pieces = _pieces(documents[max(0, first - 1) :])
    for piece, encoded in zip(pieces, run(pieces), strict=True):
        progress.advance(sum(one.size for one in piece))
        yield from encoded


def _pieces(documents: Sequence[Document]) -> list[list[Document]]:
    """Neighbours, PIECE_BYTES of them or what is left before the next such border."""
    ends = accumulate(one.size for one in documents)
    grouped = groupby(zip(ends, documents, strict=True), key=lambda pair: pair[0] // PIECE_BYTES)
    return [[document for _, document in piece] for _, piece in grouped]


@contextmanager
def _workers(tokenizer: Tokenizer, folder: Path, processes: int) -> Iterator[Run]:
    """The ids of pieces, made in this process or in several."""
    if processes == 1:
        yield partial(map, partial(_encode_piece, tokenizer))
        return
    pool = ProcessPoolExecutor(processes, get_context("spawn"), _start_child, (folder,))
    try:
        yield partial(pool.map, _encode_in_child)
    finally:
        pool.shutdown(cancel_futures=True)


_worker: dict[str, Tokenizer] = {}
"""The tokenizer of a child, read once."""


def _start_child(folder: Path) -> None:
    """A child leaves Ctrl-C to its parent, and ends when that does."""
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _worker["tokenizer"] = load(folder)


def _end_with_parent() -> None:
    if parent := parent_process():
        parent.join()
        os._exit(1)


def _encode_in_child(piece: list[Document]) -> list[Ids]:
    return _encode_piece(_worker["tokenizer"], piece)


def _encode_piece(tokenizer: Tokenizer, piece: list[Document]) -> list[Ids]:
    found = [np.append(ids, ids.dtype.type(tokenizer.eos_id)) for ids in tokenizer.encode([one.text for one in piece])]
    for document, ids in zip(piece, found, strict=True):
        if (ids == tokenizer.eos_id).sum() != 1:
            raise InputError(document.name, "is given an end of text within", "take the merges that make one out")
    return found
