"""Shards of token ids, memory-mapped; which window comes when is a pure function of (seed, epoch, step)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate
from operator import index
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from aprtrain.config import SPLITS, TrainConfig
from aprtrain.errors import InputError
from aprtrain.files import digest_file, read_json

Tokens = npt.NDArray[np.int32]
Counts = npt.NDArray[np.int64]
"""How often each id occurs, by id."""
Array = TypeVar("Array", bound=Any)

FORMAT, MANIFEST = "aprtrain-shards/1", "manifest.json"
LARGEST_VOCABULARY = 1 << 24

_AGAIN = "the same `aprtrain encode` as before makes the shards again"
_REPAIR = "`aprtrain encode --repair FOLDER` writes the manifest anew"


def inputs_and_targets(window: Array) -> tuple[Array, Array]:
    """Inputs and the targets they predict, each one token later; [..., t + 1] gives two of [..., t].

    The only place where targets are shifted, for training and for evaluation.
    """
    return window[..., :-1], window[..., 1:]


def segments(offsets: npt.NDArray[np.int64], start: int, stop: int) -> Tokens:
    """For each place in [start, stop) of a stream, which document of the window it belongs to, from 0.

    A document is the end-of-text before it and its own tokens; its closing end-of-text opens the next one.
    `offsets` are the places of the opening ones, ascending.
    """
    found = np.searchsorted(offsets, np.arange(start, stop), side="right").astype(np.int32)
    return found - found[:1]


@dataclass(frozen=True, kw_only=True)
class Split:
    """One split's token stream and its documents."""

    shards: tuple[npt.NDArray[Any], ...]
    tokens: int
    documents: tuple[dict[str, Any], ...]

    @cached_property
    def offsets(self) -> npt.NDArray[np.int64]:
        """Where each document's opening end-of-text stands in the stream."""
        return np.array([row["offset"] for row in self.documents], np.int64)

    def read(self, start: int, stop: int) -> Tokens:
        """The ids in [start, stop) of the stream."""
        places = zip(self.shards, accumulate(map(len, self.shards), initial=0), strict=False)
        pieces = [one[max(0, start - at) : stop - at] for one, at in places if at < stop and start < at + len(one)]
        return np.concatenate(pieces).astype(np.int32)

    def first(self, count: int) -> list[tuple[dict[str, Any], Tokens]]:
        """The first `count` documents: manifest row, and the ids from the end-of-text before it to its own."""
        rows = self.documents[:count]
        return [(row, self.read(row["offset"], row["offset"] + row["tokens"] + 1)) for row in rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shards:
    """A folder written by `encode`, checked against its manifest."""

    folder: Path
    manifest: dict[str, Any]
    splits: dict[str, Split]
    counts: Counts
    """How often each id occurs, counted in the shards themselves."""
    unk_id: int | None
    """The tokenizer's entry for what it has none for, if it has one."""

    @property
    def document_ids(self) -> frozenset[str]:
        """The ids of all documents."""
        return frozenset(str(row["id"]) for split in self.splits.values() for row in split.documents)

    @property
    def tokenizer_digest(self) -> str:
        """SHA-256 of the tokenizer.json the shards were made with."""
        return str(self.manifest["tokenizer_digest"])

    @property
    def vocab_size(self) -> int:
        """Entries of that tokenizer."""
        return int(self.manifest["vocab_size"])

    @property
    def digest(self) -> str:
        """SHA-256 of the manifest, which holds the digest of every shard."""
        return digest_file(self.folder / MANIFEST)

    def batches(self, train: TrainConfig, seed: int) -> Batches:
        """The training batches of a run."""
        split, size, length = self.splits["train"], train.batch_size, train.seq_length
        return Batches(split=split, batch_size=size, seq_length=length, seed=seed, masked=train.document_masks)


def open_shards(folder: Path) -> Shards:
    """The shards in `folder`, every file's size, digest and range of ids checked.

    Raises:
        InputError: the manifest, the tokenizer or a shard is missing, or not what the manifest says.
    """
    path = folder / MANIFEST
    manifest = read_json(path, fix="give a folder written by `aprtrain encode`")
    if manifest.get("format") != FORMAT:
        raise InputError(path, f"format={manifest.get('format')!r} is not {FORMAT!r}", _AGAIN)
    try:
        dtype = np.dtype({"uint16": "<u2", "uint32": "<u4"}[manifest["dtype"]])
        size = min(int(manifest["vocab_size"]), LARGEST_VOCABULARY)
        splits = {name: _open_split(folder, name, manifest["splits"][name], dtype, size) for name in SPLITS}
        expected = str(manifest["tokenizer_digest"])
        unk_id = None if manifest["unk_id"] is None else index(manifest["unk_id"])
    except InputError:
        raise
    except (LookupError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise InputError(path, f"lacks a field or has one of the wrong kind ({error!r})", _REPAIR) from error
    tokenizer = folder / "tokenizer.json"
    if not tokenizer.is_file() or digest_file(tokenizer) != expected:
        raise InputError(tokenizer, f"is missing or not the tokenizer {expected[:12]} of the manifest", _AGAIN)
    counts = np.zeros(size, np.int64)
    for shard in (shard for split in splits.values() for shard in split.shards):
        counts += np.bincount(shard, minlength=size)
    return Shards(folder=folder, manifest=manifest, splits=splits, counts=counts, unk_id=unk_id)


def _open_split(folder: Path, name: str, split: dict[str, Any], dtype: np.dtype[Any], vocab_size: int) -> Split:
    rows = [(folder / f"{name}-{number:05d}.bin", row) for number, row in enumerate(split["shards"])]
    shards = tuple(open_shard(path, dtype, vocab_size, row) for path, row in rows)
    tokens = sum(map(len, shards))
    if tokens != split["tokens"]:
        raise InputError(folder, f"its shards hold {tokens} tokens, its manifest says {split['tokens']}", _REPAIR)
    end = 0
    for row in split["documents"]:
        if row["offset"] != end or not 0 < row["tokens"] < tokens - end or not row["id"]:
            raise InputError(folder, f"document {row['name']!r} lies outside its place in {name}", _REPAIR)
        end += row["tokens"]
    return Split(shards=shards, tokens=tokens, documents=tuple(split["documents"]))


def open_shard(path: Path, dtype: np.dtype[Any], vocab_size: int, row: Mapping[str, Any] | None) -> npt.NDArray[Any]:
    """The ids in one file; InputError where it is missing, has ids beyond, or is not as its row of a manifest says."""
    if not path.is_file():
        raise InputError(path, "is missing", _AGAIN)
    size = path.stat().st_size
    expected = row["tokens"] * dtype.itemsize if row else size - size % dtype.itemsize
    if size != expected or not size:
        raise InputError(path, f"has {size} bytes, its manifest says {expected}", _AGAIN)
    if row and digest_file(path) != row["sha256"]:
        raise InputError(path, "is altered: its SHA-256 is not the manifest's", _AGAIN)
    shard = np.memmap(path, dtype, mode="r")
    if int(shard.max()) >= vocab_size:
        raise InputError(path, f"holds the id {int(shard.max())}, beyond vocab_size={vocab_size}", _AGAIN)
    return shard


@dataclass(frozen=True, slots=True, kw_only=True)
class Batches:
    """The training batches of a run, any step's without those before it."""

    split: Split
    batch_size: int
    seq_length: int
    seed: int
    masked: bool = False
    """Whether documents are told apart."""

    def __post_init__(self) -> None:
        if self.windows < 1:
            what = f"has {self.split.tokens} tokens, too few for one window of {self.seq_length}"
            raise InputError("train split", what, "give more text, or a shorter --seq-length")

    @property
    def windows(self) -> int:
        """Windows in one pass over the split; neighbours share one token."""
        return (self.split.tokens - 1) // self.seq_length

    def order(self, epoch: int) -> npt.NDArray[np.int64]:
        """A permutation of the windows, another one each pass, from (seed, epoch) alone."""
        return _order(self.seed, epoch, self.windows)

    def indices(self, step: int) -> list[int]:
        """The windows of a step; a batch may reach into the next pass."""
        places = [divmod(step * self.batch_size + row, self.windows) for row in range(self.batch_size)]
        orders = {epoch: self.order(epoch) for epoch in {epoch for epoch, _ in places}}
        return [int(orders[epoch][place]) for epoch, place in places]

    def batch(self, step: int) -> dict[str, Tokens]:
        """What the step is computed from."""
        window = {"window": self.window(step)}
        return window | {"segments": self.segments(step)} if self.masked else window

    def window(self, step: int) -> Tokens:
        """The ids of a step, [batch, seq_length + 1]."""
        return np.stack([self.split.read(start, stop) for start, stop in self._spans(step)])

    def segments(self, step: int) -> Tokens:
        """Beside `window`, which of its documents each id belongs to: int32 [batch, seq_length + 1], rows from 0."""
        return np.stack([segments(self.split.offsets, start, stop) for start, stop in self._spans(step)])

    def _spans(self, step: int) -> list[tuple[int, int]]:
        starts = [index * self.seq_length for index in self.indices(step)]
        return [(start, start + self.seq_length + 1) for start in starts]


@lru_cache(maxsize=2)
def _order(seed: int, epoch: int, windows: int) -> npt.NDArray[np.int64]:
    """Raw Philox words, sorted: the same order in every version of NumPy."""
    key = np.array([seed, epoch], np.uint64)
    order = np.argsort(np.random.Philox(key=key).random_raw(windows), kind="stable")
    order.flags.writeable = False
    return order


def padded_windows(
    document: Sequence[int] | Tokens, context: int, limit: int
) -> tuple[Tokens, Tokens, npt.NDArray[Any]]:
    """A document's first `limit` targets in consecutive windows: inputs, targets, weights, each [w, context].

    The last window is filled up with targets of weight 0; positions start again in every window.
    """
    rows: list[npt.NDArray[Any]] = [*inputs_and_targets(np.asarray(document, np.int32)[: limit + 1])]
    rows.append(np.ones(len(rows[0]), np.float32))
    inputs, targets, weights = (np.pad(row, (0, -len(row) % context)).reshape(-1, context) for row in rows)
    return inputs, targets, weights
