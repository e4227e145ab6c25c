"""Documents become shards of token ids, split by document, with a manifest that says what is in them."""

import os
import shutil
import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, suppress
from functools import lru_cache, partial
from itertools import accumulate, groupby
from multiprocessing import get_context, parent_process
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from aprtrain.config import SPLITS
from aprtrain.corpus import Corpus, Document
from aprtrain.data import MANIFEST, open_shards
from aprtrain.errors import InputError
from aprtrain.files import digest_bytes, to_json, write_whole
from aprtrain.manifest import contents, faults, refuse_degenerate
from aprtrain.progress import Progress
from aprtrain.tokenizer import Tokenizer, load

SHARD_TOKENS = 10_000_000
PIECE_BYTES = 262_144
"""Text handed to a worker at a time; small enough for an even load."""
PIECES = "pieces"
"""Folder of the encoded pieces, beside the shards until these are whole."""

Ids = npt.NDArray[Any]
Run = Callable[[list[list[Document]]], Iterable[Path]]
"""From pieces of text to the files of their ids, in order."""


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

    Pieces that an interrupted run encoded are not encoded again, and a folder that holds just this is left as it is.

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
    made = _finished(out, tokenizer, corpus)
    if made is not None:
        refuse_degenerate(out, made.get("accepted_faults", ()), accept_degenerate)
        return made
    (out / PIECES).mkdir(parents=True, exist_ok=True)
    write_whole(out / "tokenizer.json", tokenizer.data)
    for old in (out / MANIFEST, *out.glob("*.bin"), *out.glob(".*.part")):
        old.unlink(missing_ok=True)
    files: dict[str, list[Path]] = {name: [] for name in SPLITS}
    progress = Progress("encode", corpus.size, unit="bytes")
    with _workers(tokenizer, out, processes if corpus.size > 4 * PIECE_BYTES else 1) as run:
        for name, part in parts.items():
            for number, ids in enumerate(_cut(_stream(part, tokenizer, run, progress))):
                files[name].append(out / f"{name}-{number:05d}.bin")
                found = faults(np.bincount(ids), tokenizer.unk_id) if len(ids) == SHARD_TOKENS else ()
                refuse_degenerate(files[name][-1], found, accept_degenerate)
                write_whole(files[name][-1], ids.tobytes())
    progress.finish()
    manifest = contents(tokenizer, corpus, files, parts)
    refuse_degenerate(out, manifest["accepted_faults"], accept_degenerate)
    write_whole(out / MANIFEST, to_json(manifest))
    shutil.rmtree(out / PIECES)
    return manifest


def _finished(out: Path, tokenizer: Tokenizer, corpus: Corpus) -> dict[str, Any] | None:
    """The manifest of whole shards of these documents, under these names, by this tokenizer; None without."""
    with suppress(InputError, LookupError, TypeError):
        found = open_shards(out).manifest
        names = {row["id"]: row["name"] for split in found["splits"].values() for row in split["documents"]}
        same = names == {one.id: one.name for one in corpus.documents} and "not_restored" not in found
        if same and (found["tokenizer_digest"], found["corpus"]["name"]) == (tokenizer.digest, corpus.name):
            return found
    return None


def _stream(documents: Sequence[Document], tokenizer: Tokenizer, run: Run, progress: Progress) -> Iterator[Ids]:
    """An end of text, then the ids of each document and the end of text that closes it, a piece at a time."""
    yield np.array([tokenizer.eos_id], tokenizer.dtype)
    ends = accumulate(one.size for one in documents)
    grouped = groupby(zip(ends, documents, strict=True), key=lambda pair: pair[0] // PIECE_BYTES)
    pieces = [[document for _, document in piece] for _, piece in grouped]
    for piece, path in zip(pieces, run(pieces), strict=True):
        progress.advance(sum(one.size for one in piece))
        yield np.fromfile(path, tokenizer.dtype)


def _cut(chunks: Iterable[Ids]) -> Iterator[Ids]:
    """The ids of the chunks, SHARD_TOKENS at a time."""
    held: list[Ids] = []
    for chunk in chunks:
        held.append(chunk)
        while sum(map(len, held)) >= SHARD_TOKENS:
            ids = np.concatenate(held)
            yield ids[:SHARD_TOKENS]
            held = [ids[SHARD_TOKENS:]]
    if any(map(len, held)):
        yield np.concatenate(held)


@contextmanager
def _workers(tokenizer: Tokenizer, out: Path, processes: int) -> Iterator[Run]:
    """Encodes pieces in this process, or in several."""
    one = partial(_encode_piece, out, tokenizer.digest)
    if processes == 1:
        yield partial(map, one)
        return
    pool = ProcessPoolExecutor(processes, get_context("spawn"), _start_child)
    try:
        yield partial(pool.map, one)
    finally:
        pool.shutdown(cancel_futures=True)


def _start_child() -> None:
    """A child leaves Ctrl-C to its parent, and ends when that does."""
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    if parent := parent_process():
        parent.join()
        os._exit(1)


@lru_cache(maxsize=1)
def _tokenizer(folder: Path, _digest: str) -> Tokenizer:
    """Read once in a process."""
    return load(folder)


def _encode_piece(folder: Path, digest: str, piece: list[Document]) -> Path:
    """A file of the ids, named by tokenizer and documents: one that is there is whole, and is of just these."""
    path = folder / PIECES / digest_bytes(" ".join([digest, *(one.id for one in piece)]).encode())
    if path.exists():
        return path
    tokenizer = _tokenizer(folder, digest)
    found = [np.append(ids, ids.dtype.type(tokenizer.eos_id)) for ids in tokenizer.encode([one.text for one in piece])]
    for document, ids in zip(piece, found, strict=True):
        if np.count_nonzero(ids == tokenizer.eos_id) != 1:
            raise InputError(document.name, "is given an end of text within", "take the merges that make one out")
    write_whole(path, np.concatenate(found).astype(tokenizer.dtype).tobytes())
    return path
