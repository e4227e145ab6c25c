"""What is written about shards, beside them: whose they are, what is in them, and whether it is text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from aprtrain.audit import add, audit, faults
from aprtrain.corpus import Corpus, Document
from aprtrain.data import FORMAT, Split
from aprtrain.errors import InputError
from aprtrain.files import digest_bytes, digest_file
from aprtrain.tokenizer import Tokenizer

MANIFEST, UNFINISHED = "manifest.json", "unfinished.json"
"""Of finished shards, and of those whose run has not ended."""
ROUND_TRIPS = 1000
"""Documents that are decoded again, at most."""


def identify(tokenizer: Tokenizer, corpus: Corpus) -> dict[str, Any]:
    """What the manifest says about format, tokenizer and documents; shards that agree in it belong together."""
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
    }


def contents(
    tokenizer: Tokenizer, files: Mapping[str, Sequence[Path]], parts: Mapping[str, Sequence[Document]]
) -> dict[str, Any]:
    """What the manifest says about the ids in the files of each split, read from these."""
    splits, counts, trips = {}, np.zeros(0, np.int64), []
    every = sum(map(len, parts.values())) // ROUND_TRIPS + 1
    for name, documents in parts.items():
        shards = [np.memmap(path, tokenizer.dtype, mode="r") for path in files[name]]
        ends = ends_of_text(shards, tokenizer.eos_id)
        lengths = zip(documents, ends[:-1].tolist(), np.diff(ends).tolist(), strict=True)
        rows = [{"id": one.id, "name": one.name, "offset": at, "tokens": size} for one, at, size in lengths]
        split = Split(shards=tuple(shards), tokens=sum(map(len, shards)), documents=tuple(rows))
        for row in rows[::every]:
            ids = split.read(row["offset"] + 1, row["offset"] + row["tokens"] + 1)[:-1]
            trips.append(digest_bytes(tokenizer.decode(ids).encode()) == row["id"])
        counts = reduce(add, map(np.bincount, shards), counts)
        described = [
            {"file": path.name, "tokens": len(shard), "sha256": digest_file(path)}
            for path, shard in zip(files[name], shards, strict=True)
        ]
        splits[name] = {"shards": described, "tokens": split.tokens, "documents": rows}
    size = sum(one.size for documents in parts.values() for one in documents)
    found = audit(counts, tokenizer, sum(map(len, parts.values())), size)
    return {
        "splits": splits,
        "audit": found | {"round_trip": {"documents": len(trips), "equal": sum(trips)}},
        "accepted_faults": faults(counts, tokenizer.unk_id),
    }


def ends_of_text(shards: Sequence[npt.NDArray[Any]], eos_id: int) -> npt.NDArray[np.int64]:
    """Where the end of text stands in a split's stream: before each document and after the last."""
    starts = np.cumsum([0, *map(len, shards)])
    return np.concatenate([np.flatnonzero(one == eos_id) + start for one, start in zip(shards, starts, strict=False)])


def refuse_degenerate(where: Path, found: Sequence[str]) -> None:
    """Raises InputError where there are faults."""
    if found:
        fix = "look at the tokenizer with `aprtrain info`; --accept-degenerate encodes all the same, and records it"
        raise InputError(where, f"is no text to train on: {', '.join(found)}", fix)
