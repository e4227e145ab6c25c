"""What the float64 oracle and the tables read."""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from falsifiers.job import ReadingError, Row, rows_of
from falsifiers.oracles.checkpoint import Arrays, read_arrays, read_config
from falsifiers.oracles.decoder import Floats, as_float64, token_nats
from falsifiers.oracles.expected import Shape, expected_arrays, shape_of
from falsifiers.oracles.shards import Shards
from falsifiers.oracles.tables import fit_bigram, unigram_nats
from falsifiers.oracles.windows import document_nats
from falsifiers.readings.scored import Scored
from falsifiers.subject import KeptSubject, StepZeroSubject


def unigram(scored: Scored) -> list[Row]:
    """The scored documents under the frequency table of their own targets."""
    sums = unigram_nats([sequence[1:] for sequence in scored.sequences])
    return _table("unigram", scored, sums)


def bigram(shards: Shards, scored: Scored) -> list[Row]:
    """The scored documents under the table of pairs of the train split."""
    table = fit_bigram(np.asarray(shards.splits["train"].stream), shards.vocab_size)
    return _table("bigram", scored, [float(table.nats(s[:-1], s[1:]).sum()) for s in scored.sequences])


def _table(reading: str, scored: Scored, sums: list[float]) -> list[Row]:
    counts = [len(sequence) - 1 for sequence in scored.sequences]
    return rows_of(reading, "table", scored.split, scored.names, zip(sums, counts, strict=True))


def final(checkpoint: Path, scored: Scored) -> list[Row]:
    """The scored documents under the weights on disk."""
    parameters, shape = usable(read_arrays(checkpoint), read_config(checkpoint))
    sums = document_nats(parameters, shape, scored.sequences, context=scored.context)
    return rows_of("final", "oracle", scored.split, scored.names, sums)


def usable(arrays: Arrays, config: Mapping[str, Any]) -> tuple[Mapping[str, Floats], Shape]:
    """Arrays in float64 and the shape of the decoder they make; ReadingError where they make none.

    Whether there are biases and a head of its own is read off the arrays, so that a loss can be had for a
    checkpoint whose configuration says otherwise; that the two agree is for the comparison of names to tell.
    """
    shape = dataclasses.replace(
        shape_of(config["model"]), qkv_bias="layers.0.bq" in arrays, tie_word_embeddings="head" not in arrays
    )
    expected = expected_arrays(shape)
    found = {name: array.shape for name, array in arrays.items()}
    wrong = sorted(name for name in expected if found.get(name) != expected[name])
    if wrong:
        raise ReadingError(f"{len(wrong)} tensors missing or of another shape, first {', '.join(wrong[:3])}")
    return as_float64({name: arrays[name] for name in expected}), shape


def saved(path: Path) -> Arrays:
    """Arrays left in a work folder, by name."""
    with np.load(path) as file:
        return {name: file[name] for name in file.files}


def batch_nats(parameters: Mapping[str, Floats], shape: Shape, first_batch: Path) -> Floats:
    """[batch, context] nats of the step-0 batch."""
    window = np.load(first_batch)["window"]
    return token_nats(parameters, shape, window[:, :-1], window[:, 1:])


def step_zero(reading: str, nats: Floats) -> list[Row]:
    """One row for each sequence of the step-0 batch."""
    names = [f"seq-{index}" for index in range(len(nats))]
    return rows_of(reading, "oracle", "step-0", names, [(float(row.sum()), len(row)) for row in nats])


def step_zero_subject(init: Floats, scratch: Floats, vocab_size: int, run_dir: Path) -> StepZeroSubject:
    """The losses of step 0 beside the one that the trainer recorded."""
    with (run_dir / "metrics.jsonl").open(encoding="utf-8") as file:
        recorded = float(json.loads(file.readline())["loss"])
    return StepZeroSubject(init=init, scratch=scratch, recorded=recorded, uniform=math.log(vocab_size))


def kept_subject(start: Floats | None, batches: Path, checkpoint: Path, run_dir: Path) -> KeptSubject | None:
    """The recorded losses beside those of step 0 and of every kept checkpoint; None where there is neither.

    `start` [batch, context] are the nats of step 0 under the init's weights, or those drawn from the run's seed.
    """
    recomputed = {} if start is None else {0: float(start.mean())}
    for name, array in saved(batches).items():
        window = array.astype(np.int32)
        parameters, shape = usable(read_arrays(checkpoint, int(name)), read_config(checkpoint))
        recomputed[int(name)] = float(token_nats(parameters, shape, window[:, :-1], window[:, 1:]).mean())
    if not recomputed:
        return None
    with (run_dir / "metrics.jsonl").open(encoding="utf-8") as file:
        losses = tuple(float(json.loads(line)["loss"]) for line in file)
    return KeptSubject(losses=losses, recomputed=recomputed, epochs=_epochs(run_dir))


def _epochs(run_dir: Path) -> tuple[tuple[range, float], ...]:
    found, begun = [], 0
    for path in sorted((run_dir / "epochs").glob("epoch-*.json")):
        row = json.loads(path.read_text(encoding="utf-8"))
        found.append((range(begun, int(row["step"])), float(row["train_loss"])))
        begun = int(row["step"])
    return tuple(found)
