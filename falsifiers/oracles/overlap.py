"""How much of the scored documents stands word for word in the train split, beside what is usual.

Long windows of consecutive ids are compared by a rolling hash. Real code shares licences and boilerplate,
so the fraction is read beside a calibration: as many train documents, held out, against the rest of the
train split.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from falsifiers.oracles.decoder import Ints
from falsifiers.oracles.shards import Document, Split

LONGEST_WINDOW = 64
"""Ids; shorter windows raise false alarms on a clean split of code."""
SHORTEST_WINDOW = 8
IDS_AT_ONCE = 2_000_000
"""Ids of the train split hashed at one time, in whole documents."""

_BASE = np.uint64(0x9E3779B97F4A7C15)
_INVERSE = np.uint64(pow(0x9E3779B97F4A7C15, -1, 1 << 64))


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """Fractions of windows that occur in the train split."""

    window_tokens: int
    scored: float
    calibration: float
    shared_documents: int
    """Scored documents that are, by text or by ids, documents of the train split."""


def overlap(train: Split, scored: Split, documents: Sequence[Document], *, most: int, seed: int) -> Overlap:
    """Look for the first `most` targets of the scored documents, and of as many train documents, in train."""
    window = _window([min(d.tokens, most) for d in documents])
    rng = np.random.default_rng(seed)
    count = min(len(documents), max(1, len(train.documents) // 2))
    held_out = frozenset(rng.choice(len(train.documents), count, replace=False).tolist())
    probes = np.concatenate([hashes(_body(scored, d, most), window) for d in documents])
    standards = np.concatenate([hashes(_body(train, train.documents[i], most), window) for i in sorted(held_out)])
    seen, usual = _Sought(probes), _Sought(standards)
    for kept, of_train in _train_hashes(train, held_out, window):
        seen.look(of_train)
        usual.look(of_train[kept])
    return Overlap(
        window_tokens=window,
        scored=seen.fraction(probes),
        calibration=usual.fraction(standards),
        shared_documents=_shared(train, scored, documents, window),
    )


class _Sought:
    """Which of some hashes have been met."""

    def __init__(self, hashes: npt.NDArray[np.uint64]) -> None:
        self._wanted = np.unique(hashes)
        self._found = np.zeros(len(self._wanted), bool)

    def look(self, hashes: npt.NDArray[np.uint64]) -> None:
        """Strike out those that are among these."""
        if len(self._wanted):
            place = np.minimum(np.searchsorted(self._wanted, hashes), len(self._wanted) - 1)
            self._found[place[self._wanted[place] == hashes]] = True

    def fraction(self, hashes: npt.NDArray[np.uint64]) -> float:
        """Share of the hashes, each as often as it occurs, that have been met; 0 where there are none."""
        return float(np.isin(hashes, self._wanted[self._found]).mean()) if len(hashes) else 0.0


def _window(lengths: Sequence[int]) -> int:
    """A quarter of the median document, between the shortest and the longest window."""
    return int(np.clip(np.median(lengths) // 4, SHORTEST_WINDOW, LONGEST_WINDOW))


def _body(split: Split, document: Document, most: int) -> Ints:
    return np.asarray(split.stream[document.offset + 1 : document.offset + min(document.tokens, most)])


def _mix(ids: Ints) -> npt.NDArray[np.uint64]:
    """Spread ids over 64 bits, so that sums of products collide no more often than chance (splitmix64)."""
    z = (ids.astype(np.uint64) + np.uint64(1)) * _BASE
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(z ^ (z >> np.uint64(31)))


def hashes(ids: Ints, window: int) -> npt.NDArray[np.uint64]:
    """A hash, modulo 2^64, of each window of ids; none where there are fewer ids than a window holds."""
    if len(ids) < window:
        return np.zeros(0, np.uint64)
    up, down = (np.full(len(ids), ratio, np.uint64) for ratio in (_BASE, _INVERSE))
    up[0] = down[0] = 1
    sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(_mix(ids) * np.cumprod(down), dtype=np.uint64)])
    return np.asarray((sums[window:] - sums[:-window]) * np.cumprod(up)[: len(ids) - window + 1])


def _train_hashes(
    train: Split, held_out: frozenset[int], window: int
) -> Iterator[tuple[npt.NDArray[np.bool_], npt.NDArray[np.uint64]]]:
    """Some documents at a time: which hashes are of documents that are not held out, and the hashes."""
    kept: list[npt.NDArray[np.bool_]] = []
    found: list[npt.NDArray[np.uint64]] = []
    ids = 0
    for index, document in enumerate(train.documents):
        found.append(hashes(_body(train, document, document.tokens), window))
        kept.append(np.full(len(found[-1]), index not in held_out))
        ids += document.tokens
        if ids > IDS_AT_ONCE or index == len(train.documents) - 1:
            yield np.concatenate(kept), np.concatenate(found)
            kept, found, ids = [], [], 0


def _shared(train: Split, scored: Split, documents: Sequence[Document], window: int) -> int:
    """Documents whose text id is known to train, or whose ids are, unless too short to tell."""
    texts = {d.id for d in train.documents}
    contents = {_content(train, d) for d in train.documents if d.tokens > window}
    return sum(d.id in texts or (d.tokens > window and _content(scored, d) in contents) for d in documents)


def _content(split: Split, document: Document) -> bytes:
    return hashlib.sha256(np.ascontiguousarray(_body(split, document, document.tokens)).data).digest()
