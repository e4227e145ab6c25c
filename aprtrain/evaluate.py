"""The evaluator: nats of whole documents, the one function used by the training loop and by `System`."""

from collections.abc import Sequence
from functools import partial
from itertools import pairwise
from typing import Any

import jax
import numpy as np
import numpy.typing as npt

from aprtrain.config import ModelConfig
from aprtrain.data import Tokens, padded_windows
from aprtrain.loss import token_nats
from aprtrain.model import Params, forward, head_of

TOKENS_AT_ONCE = 4096
LOGITS_AT_ONCE = 1 << 27
"""Largest number of float32 logits that exist at one time."""


def document_sums(
    params: Params, config: ModelConfig, documents: Sequence[Tokens], *, context: int, limit: int
) -> list[tuple[float, int]]:
    """Per document: sum of nats over its first `limit` targets, and how many they are.

    A document starts with the end-of-text before it. Its targets are cut into windows of `context`, and every
    window starts from nothing. Computed in float32 on every device, summed in float64.
    """
    cut = [padded_windows(document, context, limit) for document in documents]
    inputs, targets, weights = (np.concatenate(parts) for parts in zip(*cut, strict=True))
    sums, counts = window_sums(params, config, inputs, targets, weights)
    rows = np.cumsum([0, *(len(one[0]) for one in cut)])
    return [(float(sums[start:stop].sum()), int(counts[start:stop].sum())) for start, stop in pairwise(rows)]


def window_sums(
    params: Params, config: ModelConfig, inputs: Tokens, targets: Tokens, weights: npt.NDArray[np.float32]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Per window [w, t]: weighted sum of nats, and sum of weights; all go through one compiled shape.

    Its rows are a power of two where there are few windows, so that splits of about the same size share it.
    """
    rows = max(1, min(1 << (len(inputs) - 1).bit_length(), TOKENS_AT_ONCE // inputs.shape[1]))
    sums = []
    for start in range(0, len(inputs), rows):
        part = slice(start, start + rows)
        missing = rows - len(inputs[part])
        padded = (np.pad(array[part], ((0, missing), (0, 0))) for array in (inputs, targets))
        with jax.default_matmul_precision("highest"):
            nats = np.asarray(_window_nats(params, config, *padded), np.float64)
        sums.append((nats[: rows - missing] * weights[part]).sum(axis=1))
    return np.concatenate(sums), weights.sum(axis=1, dtype=np.float64)


@partial(jax.jit, static_argnums=1)
def _window_nats(params: Params, config: ModelConfig, inputs: Any, targets: Any) -> jax.Array:
    hidden = forward(params, config, inputs)
    chunk = max(1, LOGITS_AT_ONCE // config.vocab_size)
    flat = token_nats(hidden.reshape(-1, config.hidden_size), head_of(params, config), targets.reshape(-1), chunk)
    return flat.reshape(targets.shape)


def mean_loss(sums: Sequence[tuple[float, int]]) -> float:
    """Nats a token over all documents, every token alike."""
    return sum(nats for nats, _ in sums) / sum(count for _, count in sums)
