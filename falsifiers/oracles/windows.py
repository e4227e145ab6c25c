"""How a document is cut into the windows that are scored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from falsifiers.oracles.decoder import Floats, Ints, token_nats
from falsifiers.oracles.expected import Shape


@dataclass(frozen=True, slots=True, kw_only=True)
class Windows:
    """Consecutive windows; a place without a target has weight 0, input 0 and target 0."""

    inputs: Ints
    """[windows, context]."""
    targets: Ints
    weights: Floats
    owner: Ints
    """[windows]: index of the document a window comes from."""


def cut(sequences: Sequence[Ints], *, context: int) -> Windows:
    """The windows of all sequences: inputs are a sequence but its last token, targets all but its first."""
    counts = [-(-(len(sequence) - 1) // context) for sequence in sequences]
    inputs = np.zeros((sum(counts), context), np.int32)
    targets, weights = np.zeros_like(inputs), np.zeros(inputs.shape)
    first = 0
    for sequence, count in zip(sequences, counts, strict=True):
        places = slice(first * context, first * context + len(sequence) - 1)
        inputs.reshape(-1)[places] = sequence[:-1]
        targets.reshape(-1)[places] = sequence[1:]
        weights.reshape(-1)[places] = 1.0
        first += count
    owner = np.repeat(np.arange(len(sequences)), counts)
    return Windows(inputs=inputs, targets=targets, weights=weights, owner=owner)


def document_sums(windows: Windows, nats: Floats) -> list[tuple[float, int]]:
    """Per document, the sum of nats [windows, context] over its targets, and how many they are."""
    documents = int(windows.owner.max(initial=-1)) + 1
    sums = np.bincount(windows.owner, (nats * windows.weights).sum(axis=1), documents)
    counts = np.bincount(windows.owner, windows.weights.sum(axis=1), documents)
    return [(float(total), int(count)) for total, count in zip(sums, counts, strict=True)]


def document_nats(
    parameters: Mapping[str, Floats], shape: Shape, sequences: Sequence[Ints], *, context: int
) -> list[tuple[float, int]]:
    """The loss of each document, positions starting anew in each window: (sum of nats, targets)."""
    windows = cut(sequences, context=context)
    return document_sums(windows, token_nats(parameters, shape, windows.inputs, windows.targets))
