"""Two evaluations of the same targets, paired by document."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from aprtrain.errors import InputError
from aprtrain.files import digest_bytes

KEY = ("document", "digest", "tokens", "context")
"""What two evaluations must agree in: each document, its scored ids, how many targets, and the width of a window."""
_FIX = "write both files by `aprtrain eval --json`, on the same split with the same options"


@dataclass(frozen=True, slots=True)
class Scores:
    """An evaluation that `aprtrain eval --json` wrote down."""

    keys: tuple[tuple[Any, ...], ...]
    nats: tuple[float, ...]
    """Per document."""
    tokens: tuple[int, ...]

    @property
    def digest(self) -> str:
        """SHA-256 of what was scored, and how."""
        return digest_bytes(json.dumps(self.keys).encode())


def read_scores(path: Path) -> Scores:
    """The evaluation in a file; InputError where it holds none."""
    try:
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        keys = tuple(tuple(row[name] for name in KEY) for row in rows)
        found = Scores(keys, tuple(float(row["sum_nats"]) for row in rows), tuple(int(row["tokens"]) for row in rows))
    except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        raise InputError(path, f"holds no evaluation ({error!r})", _FIX) from error
    if not rows or not all(map(math.isfinite, found.nats)) or min(found.tokens) < 1:
        raise InputError(path, "holds no document, or one without a finite loss", _FIX)
    return found


def difference(first: Path, second: Path) -> tuple[float, float, int]:
    """Loss of the second less that of the first in nats a token, its standard error, and the number of documents.

    The error is that of a ratio whose documents are drawn: Cochran 1977, "Sampling Techniques", equation 6.13; NaN for
    one document.

    Raises:
        InputError: they are of other documents, ids, numbers of targets or windows.
    """
    one, two = read_scores(first), read_scores(second)
    if one.keys != two.keys:
        apart = next((pair for pair in zip(one.keys, two.keys, strict=False) if pair[0] != pair[1]), None)
        what = f"was scored on {one.digest[:16]}, and {second} on {two.digest[:16]}; " + (
            f"{dict(zip(KEY, apart[0], strict=True))} against {dict(zip(KEY, apart[1], strict=True))}"
            if apart
            else f"{len(one.keys)} documents against {len(two.keys)}"
        )
        raise InputError(first, what, "score both checkpoints again on one split, with the same options")
    gaps, tokens = np.subtract(two.nats, one.nats), np.asarray(one.tokens, np.float64)
    mean, many = float(gaps.sum() / tokens.sum()), len(gaps)
    spread = float(np.sum((gaps - mean * tokens) ** 2)) * many / (many - 1) if many > 1 else math.nan
    return mean, math.sqrt(spread) / float(tokens.sum()), many
