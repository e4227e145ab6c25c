"""What laws are tried on."""

from __future__ import annotations

import functools
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from falsifiers.oracles.coverage import unread
from falsifiers.oracles.decoder import Floats, Ints
from falsifiers.oracles.expected import Shape
from falsifiers.system import Array, System

ROWS = 4
"""Rows of every probe: one shape, so that a compiler works once."""
LOGITS_AT_ONCE = 20_000_000
"""Largest number of logits one probe asks for; a large vocabulary shortens the probe."""

SHORTENED = 0xFFFF
"""Bits of a float32 that bfloat16 has not got."""


@dataclass(frozen=True, kw_only=True)
class SystemSubject:
    """The system under the weights that are claimed, and what disk says about it."""

    system: System
    documents: tuple[Ints, ...]
    """Sequences of scored documents: ids with the end-of-sequence token on either side."""
    train: Ints
    """Stream of the train split."""
    apart: Ints
    """The same with -1 where a document lies that another split holds too."""
    disk: Mapping[str, Array]
    """The claimed weights as read from disk by the judge."""
    init: Mapping[str, Array]
    """The weights that the run started from, as read from disk; none where they were drawn."""
    config: Mapping[str, Any]
    """config.json beside them."""
    tied: bool
    """Whether the head shares the embedding, by the configuration the run started from."""
    steps: int
    """Steps that were executed."""

    @functools.cached_property
    def length(self) -> int:
        """Ids a row of a probe: the context, or less where the vocabulary is large."""
        most = LOGITS_AT_ONCE // (ROWS * self.system.vocab_size)
        return min(self.system.context, max(8, most))

    @functools.cached_property
    def decoder(self) -> tuple[Mapping[str, Floats], Shape]:
        """The claimed weights in float64, and the shape of the decoder they make; ReadingError where they make none."""
        from falsifiers.readings.oracle import usable

        return usable(dict(self.disk), self.config)

    @functools.cached_property
    def stayed(self) -> Mapping[str, float]:
        """Tensor -> share of its entries that are the init's, bit for bit, or that bfloat16 has too."""
        return {name: _stayed(self.init[name], self.disk[name]) for name in sorted(set(self.init) & set(self.disk))}

    @functools.cached_property
    def unread(self) -> npt.NDArray[np.bool_]:
        """For each target of the train split, whether the first pass over it leaves it out."""
        context, first = self.system.context, np.asarray(self.system.window(0))
        steps = -(-((len(self.train) - 1) // context) // len(first))
        return unread(self.train, (np.asarray(self.system.window(step)) for step in range(steps)), context)

    @functools.cached_property
    def pieces(self) -> tuple[Ints, ...]:
        """Scored documents long enough for a row and the target after it."""
        return tuple(document for document in self.documents if len(document) > self.length)

    def tokens(self, seed: int) -> npt.NDArray[np.int32]:
        """[ROWS, length + 1] ids drawn with a seed: half the rows from scored documents, half at random."""
        rng = np.random.default_rng(seed)
        ids = rng.integers(0, self.system.vocab_size, (ROWS, self.length + 1), dtype=np.int32)
        for row in range(0, ROWS, 2) if self.pieces else ():
            document = self.pieces[rng.integers(len(self.pieces))]
            start = rng.integers(len(document) - self.length)
            ids[row] = document[start : start + self.length + 1]
        return ids

    def others(self, seed: int, ids: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
        """Ids of the same shape that differ from these in every place."""
        shift = np.random.default_rng(seed).integers(1, self.system.vocab_size, ids.shape, dtype=np.int32)
        return np.asarray((ids + shift) % self.system.vocab_size, np.int32)


def _stayed(before: Array, after: Array) -> float:
    if before.shape != after.shape or not before.dtype == after.dtype == np.float32:
        return 1.0
    start, bits = (np.ascontiguousarray(x).view(np.uint32) for x in (before, after))
    return float(np.mean((start == bits) | (bits & SHORTENED == 0)))


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordSubject:
    """What a run wrote about itself."""

    rows: tuple[dict[str, Any], ...]
    """Rows of metrics.jsonl, in file order."""
    lines: tuple[str, ...]
    """The same rows as text, for the chain of digests."""
    log: tuple[str, ...] | None
    """Lines of the log; None where none was kept."""
    planned_steps: int
    tokens_per_step: int
    loop_seconds: float
    """Wall time of the training loop, by its own clock."""
    written_seconds: float
    """Between the first and the last epoch that the loop wrote down, by the files; 0 where it was interrupted."""
    train: Mapping[str, Any]
    """The run's `train` configuration, with its schedule."""


def read_record(run_dir: Path, config: Mapping[str, Any], log: Path) -> RecordSubject:
    """The record in a run folder, and the log beside it where there is one."""
    lines = tuple((run_dir / "metrics.jsonl").read_text(encoding="utf-8").splitlines())
    summary = json.loads((run_dir / "summary.json").read_text(encoding="utf-8"))
    kept = log.read_text(encoding="utf-8", errors="replace").splitlines() if log.is_file() else None
    train = config["train"]
    return RecordSubject(
        rows=tuple(json.loads(line) for line in lines),
        lines=lines,
        log=None if kept is None else tuple(kept),
        planned_steps=int(summary["planned_steps"]),
        tokens_per_step=int(train["batch_size"]) * int(train["seq_length"]),
        loop_seconds=float(summary["wall_seconds"]),
        written_seconds=_written_seconds(run_dir),
        train=dict(train),
    )


def _written_seconds(run_dir: Path) -> float:
    segments = run_dir / "segments.jsonl"
    processes = len(segments.read_text(encoding="utf-8").splitlines()) if segments.is_file() else 1
    times = [path.stat().st_mtime for path in (run_dir / "epochs").glob("epoch-*.json")] if processes == 1 else []
    return max(times) - min(times) if times else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class StepZeroSubject:
    """The batch of step 0 as the oracle scores it, and the loss that the trainer recorded for it."""

    init: Floats
    """[batch, context] nats under the init's weights."""
    scratch: Floats
    """[batch, context] nats under freshly drawn weights."""
    recorded: float
    """Loss of row 0 of metrics.jsonl, in nats/token."""
    uniform: float
    """ln V."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptSubject:
    """The recorded losses of a run, beside what the oracle makes of steps whose weights were kept."""

    losses: tuple[float, ...]
    """Loss of every row of metrics.jsonl, in nats/token."""
    recomputed: Mapping[int, float]
    """Step -> mean loss of its batch under the weights before it, in nats/token."""
    epochs: tuple[tuple[range, float], ...]
    """Steps of each epoch, and the mean that the run wrote down for them, in nats/token."""


def spread(logits: npt.NDArray[np.generic]) -> float:
    """Root mean square of logits about their mean over the vocabulary: what differences are measured in."""
    values = np.asarray(logits, np.float64)
    return max(float(np.sqrt(np.mean((values - values.mean(axis=-1, keepdims=True)) ** 2))), 1e-3)


def largest(difference: npt.NDArray[np.generic]) -> float:
    """Largest absolute entry; 0 where there is none; NaN where there is one."""
    return float(np.abs(np.asarray(difference, np.float64)).max(initial=0.0))


def finite(value: object) -> bool:
    """Whether a recorded value is a finite number."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
