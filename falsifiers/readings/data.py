"""What was trained on and what is scored: histograms, round trip, overlap, digests."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from falsifiers.job import ReadingError
from falsifiers.oracles.decoder import Ints
from falsifiers.oracles.overlap import overlap
from falsifiers.oracles.shards import Shards, altered, occurs, split_digest
from falsifiers.readings.scored import Scored

Facts: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """Everything that the readings about data look at."""

    shards: Shards
    scored: Scored
    checkpoint: Path
    init_checkpoint: Path | None
    seed: int
    first_batch: Path
    """Where the ids of the step-0 batch were left."""

    @property
    def tokenizer_path(self) -> Path:
        """The tokenizer that the checkpoint carries."""
        return self.checkpoint / "tokenizer.json"


def tokenizers(corpus: Corpus) -> Facts:
    """The tokenizer of the shards, and the digests of the copies that shards, checkpoint and init carry."""
    manifest = corpus.shards.manifest
    paths = {"shards": corpus.shards.folder, "checkpoint": corpus.checkpoint, "init": corpus.init_checkpoint}
    carried = {name: folder / "tokenizer.json" for name, folder in paths.items() if folder is not None}
    digests = {name: _sha256(path.read_bytes()) for name, path in carried.items() if path.is_file()}
    return {
        "tokenizer": {
            "digest": manifest["tokenizer_digest"],
            **{name: manifest[name] for name in ("vocab_size", "unk_id", "eos_id")},
        },
        "tokenizer_digests": digests,
    }


def context(corpus: Corpus) -> Facts:
    """How the evaluation is cut."""
    scored = corpus.scored
    return {
        "context": {
            "length": scored.context,
            "stride": scored.context,
            "eval_tokens": scored.eval_tokens,
            "eval_documents": len(scored.documents),
        }
    }


def splits(corpus: Corpus) -> Facts:
    """Size and digest of each split; ReadingError where a shard is not what the manifest says."""
    changed = altered(corpus.shards)
    if changed:
        raise ReadingError(f"shards altered since their manifest was written: {', '.join(changed)}")
    return {
        "splits": {
            name: {
                "tokens": len(split.stream),
                "documents": len(split.documents),
                "digest": split_digest(corpus.shards, name),
            }
            for name, split in corpus.shards.splits.items()
        }
    }


def trained(corpus: Corpus) -> Facts:
    """The histogram of the train split."""
    stream = corpus.shards.splits["train"].stream
    return {"trained": {"tokens": len(stream), "histogram": histogram(stream)}}


def scored(corpus: Corpus) -> Facts:
    """The histogram of exactly the targets that are scored, how many bytes they stand for, and duplicates.

    Bytes are those of the decoded targets; where a cut splits a character, its replacement is counted.
    """
    tokenizer = _tokenizer(corpus.tokenizer_path)
    targets = [sequence[1:] for sequence in corpus.scored.sequences]
    eos = int(corpus.shards.manifest["eos_id"])
    texts = [tokenizer.decode(ids[ids != eos].tolist(), skip_special_tokens=False) for ids in targets]
    contents = Counter(_sha256(ids.tobytes()) for ids in targets)
    flat = np.concatenate(targets)
    return {
        "scored": {
            "split": corpus.scored.split,
            "documents": len(targets),
            "duplicate_documents": len(targets) - len(contents),
            "tokens": len(flat),
            "bytes": sum(len(text.encode()) for text in texts),
            "histogram": histogram(flat),
        }
    }


def round_trip(corpus: Corpus) -> Facts:
    """How many scored documents, decoded whole, have the digest that names them."""
    tokenizer = _tokenizer(corpus.tokenizer_path)
    split = corpus.shards.splits[corpus.scored.split]
    bodies = [split.sequence(document)[1:-1].tolist() for document in corpus.scored.documents]
    texts = [tokenizer.decode(ids, skip_special_tokens=False) for ids in bodies]
    named = zip(corpus.scored.documents, texts, strict=True)
    equal = sum(_sha256(text.encode()) == document.id for document, text in named)
    return {"round_trip": {"documents": len(texts), "equal": equal}}


def overlaps(corpus: Corpus) -> Facts:
    """How much of the scored documents stands in the train split, beside what is usual."""
    splits, scored = corpus.shards.splits, corpus.scored
    found = overlap(splits["train"], splits[scored.split], scored.documents, most=scored.eval_tokens, seed=corpus.seed)
    return {
        "overlap": {
            "window_tokens": found.window_tokens,
            "val_b": found.scored,
            "calibration": found.calibration,
            "shared_documents": found.shared_documents,
        }
    }


def first_batch(corpus: Corpus) -> Facts:
    """How many rows of the step-0 batch stand in the train split on disk."""
    window = np.load(corpus.first_batch)["window"]
    stream = corpus.shards.splits["train"].stream
    found = sum(occurs(stream, row) for row in window)
    return {"batch": {"step": 0, "windows": len(window), "found": found}}


READINGS = {
    "tokenizer": tokenizers,
    "context": context,
    "splits": splits,
    "trained": trained,
    "scored": scored,
    "round trip": round_trip,
    "overlap": overlaps,
    "batch of step 0": first_batch,
}


def histogram(ids: Ints) -> dict[str, int]:
    """How often each id occurs; ids that do not occur are left out."""
    counts = np.bincount(np.asarray(ids))
    return {str(id_): int(counts[id_]) for id_ in np.flatnonzero(counts)}


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _tokenizer(path: Path) -> Any:
    from tokenizers import Tokenizer

    return Tokenizer.from_file(str(path))
