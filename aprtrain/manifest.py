"""What is written about shards, beside them: whose they are, what is in them, and whether it is text."""

import math
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import chain, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from aprtrain.config import SPLITS
from aprtrain.corpus import Corpus, Document
from aprtrain.data import FORMAT, MANIFEST, Counts, Split, open_shard
from aprtrain.errors import InputError
from aprtrain.files import digest_bytes, digest_file, read_json, to_json, write_whole
from aprtrain.progress import Progress
from aprtrain.tokenizer import Tokenizer, load

ROUND_TRIPS = 200
"""Documents that are decoded again, at most: every n-th in the order of their ids, which is as good as random."""

MOST_UNKNOWN = 0.01
LEAST_NATS = 1.0
LEAST_DISTINCT = 16
"""Text in bytes or byte pairs has no unknown, 3 to 9 nats a token and about 100 ids or more."""


def contents(
    tokenizer: Tokenizer, corpus: Corpus, files: Mapping[str, Sequence[Path]], parts: Mapping[str, Sequence[Document]]
) -> dict[str, Any]:
    """The manifest of shards: the files of each split, which are read for it, and the documents in them."""
    splits, counts, trips = {}, np.zeros(tokenizer.vocab_size, np.int64), []
    every = len(corpus.documents) // ROUND_TRIPS + 1
    for name, part in parts.items():
        shards = tuple(np.memmap(path, tokenizer.dtype, mode="r") for path in files[name])
        ends = ends_of_text(shards, tokenizer.eos_id)
        lengths = zip(part, ends[:-1].tolist(), np.diff(ends).tolist(), strict=True)
        rows = [{"id": one.id, "name": one.name, "offset": at, "tokens": size} for one, at, size in lengths]
        split = Split(shards=shards, tokens=sum(map(len, shards)), documents=tuple(rows[::every]))
        for row, ids in split.first(ROUND_TRIPS):
            trips.append(digest_bytes(tokenizer.decode(ids[1:-1]).encode()) == row["id"])
        counts += sum(np.bincount(shard, minlength=len(counts)) for shard in shards)
        described = [
            {"file": path.name, "tokens": len(shard), "sha256": digest_file(path)}
            for path, shard in zip(files[name], shards, strict=True)
        ]
        splits[name] = {"shards": described, "tokens": split.tokens, "documents": rows}
    round_trip = {"documents": len(trips), "equal": sum(trips)}
    return {
        "format": FORMAT,
        "tokenizer_digest": tokenizer.digest,
        "vocab_size": tokenizer.vocab_size,
        "unk_id": tokenizer.unk_id,
        "eos_id": tokenizer.eos_id,
        "dtype": tokenizer.dtype.name,
        "corpus": {
            "name": corpus.name,
            "documents": len(corpus.documents),
            "bytes": corpus.size,
            "digest": corpus.digest,
            "skipped": corpus.skipped,
        },
        "splits": splits,
        "audit": audit(counts, tokenizer, len(corpus.documents), corpus.size) | {"round_trip": round_trip},
        "accepted_faults": faults(counts, tokenizer.unk_id),
    }


def ends_of_text(shards: Sequence[npt.NDArray[Any]], eos_id: int) -> npt.NDArray[np.int64]:
    """Where the end of text stands in a split's stream: before each document and after the last."""
    starts = np.cumsum([0, *map(len, shards)])
    return np.concatenate([np.flatnonzero(one == eos_id) + start for one, start in zip(shards, starts, strict=False)])


def audit(counts: Counts, tokenizer: Tokenizer, documents: int, size: int) -> dict[str, Any]:
    """What the ids of `documents` of `size` bytes in all look like; entropies are without context."""
    tokens, nats = int(counts.sum()), entropy_nats(counts)
    return {
        "tokens": tokens,
        "distinct_ids": int((counts > 0).sum()),
        "entropy_nats": nats,
        "entropy_bits": nats / math.log(2),
        "ln_vocab_nats": math.log(tokenizer.vocab_size),
        "ln_usable_nats": math.log(tokenizer.usable),
        "unk_rate": _share(counts, tokenizer.unk_id),
        "bytes_per_token": size / max(1, tokens - documents),
        "histogram": {str(one): int(counts[one]) for one in np.flatnonzero(counts)},
    }


def entropy_nats(counts: Counts) -> float:
    """H1 = -sum p ln p of the ids, in nats per token: the loss of a model that ignores the context."""
    shares = counts[counts > 0] / counts.sum()
    return float(-(shares * np.log(shares)).sum()) + 0.0


def _share(counts: Counts, one: int | None) -> float:
    return float(counts[one] / counts.sum()) if one is not None and one < len(counts) else 0.0


def faults(counts: Counts, unk_id: int | None) -> list[str]:
    """Why the ids are no text, a phrase each; none if they may be."""
    unknown, nats, distinct = _share(counts, unk_id), entropy_nats(counts), int((counts > 0).sum())
    found = {
        f"{unknown:.2%} of the tokens are unknown, more than {MOST_UNKNOWN:.0%}": unknown > MOST_UNKNOWN,
        f"their entropy is {nats:.4f} nats/token, below {LEAST_NATS}": nats < LEAST_NATS,
        f"only {distinct} distinct ids occur, fewer than {LEAST_DISTINCT}": distinct < LEAST_DISTINCT,
    }
    return [phrase for phrase, holds in found.items() if holds]


def refuse_degenerate(where: Path, found: Sequence[str], accepted: bool) -> None:
    """Raises InputError where there are faults that are not accepted."""
    if found and not accepted:
        fix = "look at the tokenizer with `aprtrain info`; --accept-degenerate encodes all the same, and records it"
        raise InputError(where, f"is no text to train on: {', '.join(found)}", fix)


def repair(folder: Path, sources: Corpus | None, *, accept_degenerate: bool) -> dict[str, Any]:
    """Writes manifest.json into a folder of whole shards and returns it; `not_restored` lists what is lost.

    Documents are found by the ends of text between them and named by the digest of what they decode to. What they
    were called comes from the sources, or from what is left of the old manifest.

    Raises:
        InputError: tokenizer.json or a shard is missing, a shard is not what the old manifest says, or the ids are no
            text.
    """
    tokenizer = load(folder)
    rows, names = _remembered(folder)
    names |= {one.id: one.name for one in sources.documents} if sources else {}
    files = {name: _files(folder, name) for name in SPLITS}
    for path in chain(*files.values()):
        open_shard(path, tokenizer.dtype, tokenizer.vocab_size, rows.get(path.name))
    parts = {name: _documents(paths, tokenizer, names) for name, paths in files.items()}
    documents = sorted(chain(*parts.values()), key=lambda one: one.id)
    known = {one.id for one in documents} & names.keys()
    lost = []
    if len(known) < len(documents):
        lost.append(f"the names of {len(documents) - len(known)} of {len(documents)} documents")
    if sources and (absent := len(sources.documents) - len(known)):
        lost.append(f"{absent} documents of {sources.name}, which `aprtrain encode` of all of it makes again")
    if sources is None:
        lost.append("the name of the corpus, and what was left out of it")
    corpus = replace(sources or Corpus(name=folder.resolve().name, documents=()), documents=tuple(documents))
    manifest = contents(tokenizer, corpus, files, parts) | {"not_restored": lost}
    manifest["audit"]["round_trip"] = {"documents": len(documents) if names else 0, "equal": len(known)}
    refuse_degenerate(folder, manifest["accepted_faults"], accept_degenerate)
    write_whole(folder / MANIFEST, to_json(manifest))
    return manifest


def _files(folder: Path, split: str) -> list[Path]:
    """The shards that a split must have, at least one, so that their numbers have no gap."""
    found = len(list(folder.glob(f"{split}-*.bin")))
    return [folder / f"{split}-{number:05d}.bin" for number in range(max(1, found))]


def _remembered(folder: Path) -> tuple[dict[str, Any], dict[str, str]]:
    """Rows of shards and names of documents, as far as the old manifest can still be read."""
    rows: dict[str, Any] = {}
    names: dict[str, str] = {}
    with suppress(InputError, LookupError, TypeError, AttributeError, ValueError):
        for split in read_json(folder / MANIFEST, fix="")["splits"].values():
            rows |= {row["file"]: {"tokens": int(row["tokens"]), "sha256": row["sha256"]} for row in split["shards"]}
            names |= {row["id"]: row["name"] for row in split["documents"]}
    return rows, names


def _documents(paths: Sequence[Path], tokenizer: Tokenizer, names: Mapping[str, str]) -> list[Document]:
    """The documents that begin and end in the shards, in order."""
    shards = tuple(np.memmap(path, tokenizer.dtype, mode="r") for path in paths)
    ends = ends_of_text(shards, tokenizer.eos_id).tolist()
    if ends[:1] != [0]:
        raise InputError(paths[0], "does not begin with an end of text", "encode the documents again")
    split = Split(shards=shards, tokens=sum(map(len, shards)), documents=())
    progress, found = Progress(f"repair {paths[0].stem[:-6]}", len(ends) - 1, unit="documents"), []
    for start, end in pairwise(ends):
        data = tokenizer.decode(split.read(start, end)[1:]).encode()
        one = digest_bytes(data)
        found.append(Document(id=one, name=names.get(one, ""), size=len(data), path="", start=0, length=0, form="text"))
        progress.advance(1)
    progress.finish()
    return found
