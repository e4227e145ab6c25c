"""What is written about shards, beside them: whose they are, what is in them, and whether it is text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from aprtrain.audit import audit, faults
from aprtrain.corpus import Corpus, Document
from aprtrain.data import FORMAT, Split
from aprtrain.errors import InputError
from aprtrain.files import digest_bytes, digest_file, read_json
from aprtrain.tokenizer import Tokenizer

MANIFEST, UNFINISHED = "manifest.json", "unfinished.json"
"""Of finished shards, and of those whose run has not ended."""
ROUND_TRIPS = 200
"""Documents that are decoded again, at most: every n-th in the order of their ids, which is as good as random."""


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
    splits, counts, trips = {}, np.zeros(tokenizer.vocab_size, np.int64), []
    documents = [one for part in parts.values() for one in part]
    every = len(documents) // ROUND_TRIPS + 1
    for name, part in parts.items():
        shards = tuple(np.memmap(path, tokenizer.dtype, mode="r") for path in files[name])
        ends = ends_of_text(shards, tokenizer.eos_id)
        lengths = zip(part, ends[:-1].tolist(), np.diff(ends).tolist(), strict=True)
        rows = [{"id": one.id, "name": one.name, "offset": at, "tokens": size} for one, at, size in lengths]
        split = Split(shards=shards, tokens=sum(map(len, shards)), documents=tuple(rows[::every]))
        for row, ids in zip(split.documents, split.document_tokens(ROUND_TRIPS), strict=True):
            trips.append(digest_bytes(tokenizer.decode(ids[1:-1]).encode()) == row["id"])
        counts += sum(np.bincount(shard, minlength=len(counts)) for shard in shards)
        described = [
            {"file": path.name, "tokens": len(shard), "sha256": digest_file(path)}
            for path, shard in zip(files[name], shards, strict=True)
        ]
        splits[name] = {"shards": described, "tokens": split.tokens, "documents": rows}
    found = audit(counts, tokenizer, len(documents), sum(one.size for one in documents))
    return {
        "splits": splits,
        "audit": found | {"round_trip": {"documents": len(trips), "equal": sum(trips)}},
        "accepted_faults": faults(counts, tokenizer.unk_id),
    }


def remembered(folder: Path, identity: Mapping[str, Any] | None = None) -> tuple[dict[str, str], dict[str, str]]:
    """Digests of files and names of documents, as far as a manifest (of this identity) can still be read."""
    digests: dict[str, str] = {}
    names: dict[str, str] = {}
    for file in (UNFINISHED, MANIFEST):
        with suppress(InputError, LookupError, TypeError, AttributeError, ValueError):
            found = read_json(folder / file, fix="")
            if identity is None or identity.items() <= found.items():
                digests |= found.get("shards", {})
                for split in found.get("splits", {}).values():
                    digests |= {row["file"]: row["sha256"] for row in split["shards"]}
                    names |= {row["id"]: row["name"] for row in split["documents"]}
    return digests, names


def ends_of_text(shards: Sequence[npt.NDArray[Any]], eos_id: int) -> npt.NDArray[np.int64]:
    """Where the end of text stands in a split's stream: before each document and after the last."""
    starts = np.cumsum([0, *map(len, shards)])
    return np.concatenate([np.flatnonzero(one == eos_id) + start for one, start in zip(shards, starts, strict=False)])


def refuse_degenerate(where: Path, found: Sequence[str], accepted: bool) -> None:
    """Raises InputError where there are faults that are not accepted."""
    if found and not accepted:
        fix = "look at the tokenizer with `aprtrain info`; --accept-degenerate encodes all the same, and records it"
        raise InputError(where, f"is no text to train on: {', '.join(found)}", fix)
