"""Which tokens of a stream no window holds as a target."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from falsifiers.oracles.decoder import Ints
from falsifiers.oracles.overlap import hashes


def unread(stream: Ints, batches: Iterable[Ints], context: int) -> npt.NDArray[np.bool_]:
    """[len(stream) - 1]: whether a token after the first is a target of no window [rows, context + 1].

    Windows are found by content, wherever they stand; one that stands in several places counts for all of them.
    """
    length = context + 1
    found = np.unique(np.concatenate([hashes(batch.reshape(-1), length)[::length] for batch in batches]))
    starts = np.flatnonzero(np.isin(hashes(stream, length), found))
    edges = np.zeros(len(stream), np.int64)
    edges[starts] += 1
    edges[starts + context] -= 1
    return np.asarray(np.cumsum(edges)[:-1] == 0)
