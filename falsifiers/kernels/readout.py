"""What the trainer computes with a softmax: its losses, and the softmaxes themselves, read off slope and average."""

from __future__ import annotations

import numpy as np

from falsifiers.kernels.draw import Single
from falsifiers.kernels.trainer import call, gradient
from falsifiers.oracles.decoder import Floats, Ints

SIZE = 64
"""Entries of a head, and most keys that can be told apart."""


def losses(hidden: Single, head: Single, targets: Ints, chunk: int) -> Floats:
    """Nats of each target [n] by the evaluator's path, and after them the mean [1] by the training step's."""
    targets = targets.astype(np.int32)
    mean, _ = gradient("loss.mean_cross_entropy", (0, 1), 3)(hidden, head, targets, chunk)
    return np.append(call("loss.token_nats", hidden, head, targets, chunk, static=(3,)), np.float64(mean))


def of_the_loss(rows: Single, targets: Ints) -> Floats:
    """The softmax of rows [n, V] inside the loss: its slope over the logits, plus 1 at the target.

    With unit vectors for hidden states, the columns of the head are the rows themselves.
    """
    count = len(rows)
    slopes = gradient("loss.mean_cross_entropy", (1,), 3)
    _, (slope,) = slopes(np.eye(count, dtype=np.float32), np.ascontiguousarray(rows.T), targets.astype(np.int32), count)
    probabilities: Floats = np.asarray(slope).T.astype(np.float64) * count
    probabilities[np.arange(count), targets] += 1
    return probabilities


def of_attention(scores: Single) -> Floats:
    """The weights [heads, queries, keys] where every query scores the keys of [heads, keys], at most 64, alike.

    A head has 64 entries, so that the scores are divided by 8; values are unit vectors, so that averages are weights.
    """
    heads, count = scores.shape
    query = np.zeros((1, count, heads, SIZE), np.float32)
    key, value = query.copy(), query.copy()
    query[..., 0], key[0, :, :, 0] = 8, scores.T
    value[0, np.arange(count), :, np.arange(count)] = 1
    return np.asarray(call("model.attend", query, key, value)[0].transpose(1, 0, 2)[..., :count])
