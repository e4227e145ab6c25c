"""What the trainer's own evaluator reads, under the claimed weights and under weights made to be wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from falsifiers.job import ReadingError, Row, rows_of
from falsifiers.oracles.checkpoint import Arrays
from falsifiers.oracles.decoder import Ints
from falsifiers.oracles.windows import cut, document_sums
from falsifiers.readings.scored import Scored
from falsifiers.system import Array, System

SUBSET = 16
"""Scored documents under weights made to be wrong; compared document by document, so few are enough."""
DOSES = (0.01, 0.05, 0.25, 1.0)
"""Share of each tensor's entries that change places."""
ROWS = 16
"""Windows that `score` is asked for at a time."""


def evaluated(reading: str, system: System, scored: Scored, most: int | None = None) -> list[Row]:
    """The scored documents, or the first of them, by the trainer's own evaluator."""
    sequences = [sequence.astype(np.int32) for sequence in scored.sequences[:most]]
    return rows_of(reading, "system", scored.split, scored.names[:most], system.evaluate(sequences))


def with_same_names(system: System, parameters: Mapping[str, Array]) -> System:
    """The system with other weights, handed over under its own names; ReadingError where one is missing."""
    missing = sorted(set(system.parameters()) - set(parameters))
    if missing:
        raise ReadingError(f"{len(missing)} tensors missing, first {', '.join(missing[:3])}")
    return system.with_parameters({name: parameters[name] for name in system.parameters()})


def zeroed(parameters: Mapping[str, Array]) -> Arrays:
    """Weights of zero: every logit is equal, whatever is read."""
    return {name: np.zeros_like(array) for name, array in parameters.items()}


def permuted(parameters: Mapping[str, Array], share: float, seed: int) -> Arrays:
    """Weights of which a share, drawn for each tensor, has changed places within the tensor."""
    rng = np.random.default_rng(seed)
    return {name: _permuted(np.asarray(array), share, rng) for name, array in sorted(parameters.items())}


def _permuted(array: Array, share: float, rng: np.random.Generator) -> Array:
    flat = array.reshape(-1).copy()
    if share == 1:
        return rng.permutation(flat).reshape(array.shape)
    places = rng.choice(flat.size, max(1, round(share * flat.size)), replace=False, shuffle=False)
    flat[places] = rng.permutation(flat[places])
    return flat.reshape(array.shape)


def shuffled_targets(scored: Scored, seed: int) -> list[Ints]:
    """The scored targets of all documents, dealt out anew."""
    targets = np.concatenate([sequence[1:] for sequence in scored.sequences])
    return _per_document(scored, np.random.default_rng(seed).permutation(targets))


def uniform_targets(scored: Scored, vocab_size: int, seed: int) -> list[Ints]:
    """Targets drawn alike from the whole vocabulary."""
    count = sum(len(sequence) - 1 for sequence in scored.sequences)
    return _per_document(scored, np.random.default_rng(seed).integers(0, vocab_size, count))


def _per_document(scored: Scored, targets: npt.NDArray[np.integer]) -> list[Ints]:
    ends = np.cumsum([len(sequence) - 1 for sequence in scored.sequences])
    return [piece.astype(np.int32) for piece in np.split(targets, ends[:-1])]


def rescored(reading: str, system: System, scored: Scored, targets: Sequence[Ints]) -> list[Row]:
    """The scored documents with other targets, by the loss that the trainer's evaluator uses."""
    windows = cut(scored.sequences, context=scored.context)
    made = cut([np.concatenate([t[:1], t]) for t in targets], context=scored.context).targets
    sums = np.zeros(len(made))
    for start in range(0, len(made), ROWS):
        rows = slice(start, start + ROWS)
        inputs, wanted, weights = (_full(x[rows]) for x in (windows.inputs, made, windows.weights))
        found, counts = system.score(inputs.astype(np.int32), wanted.astype(np.int32), weights.astype(np.float32))
        if not np.array_equal(np.asarray(counts), weights.sum(axis=1)):
            raise ReadingError(f"counts of windows {start} to {start + ROWS - 1} are not the sums of their weights")
        sums[rows] = np.asarray(found, np.float64)[: len(made[rows])]
    nats = sums[:, None] / np.maximum(windows.weights.sum(axis=1, keepdims=True), 1) * windows.weights
    return rows_of(reading, "system", scored.split, scored.names, document_sums(windows, nats))


def _full(rows: npt.NDArray[np.generic]) -> npt.NDArray[np.generic]:
    missing = ROWS - len(rows)
    return np.concatenate([rows, np.zeros((missing, *rows.shape[1:]), rows.dtype)]) if missing else rows
