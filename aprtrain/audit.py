"""Whether ids still are text: counted before anything is trained on them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from aprtrain.tokenizer import Tokenizer

Counts = npt.NDArray[np.int64]
"""How often each id occurs, by id."""

MOST_UNKNOWN = 0.01
LEAST_NATS = 1.0
LEAST_DISTINCT = 16
"""Text in bytes or byte pairs has no unknown, 3 to 9 nats a token and about 100 ids or more."""


def entropy_nats(counts: Counts) -> float:
    """H1 = -sum p ln p of the ids, in nats per token: the loss of a model that ignores the context."""
    shares = counts[counts > 0] / counts.sum()
    return float(-(shares * np.log(shares)).sum()) + 0.0


def faults(counts: Counts, unk_id: int | None) -> list[str]:
    """Why the ids are no text, a phrase each; none if they may be."""
    unknown, nats, distinct = _share(counts, unk_id), entropy_nats(counts), int((counts > 0).sum())
    found = {
        f"{unknown:.2%} of the tokens are unknown, more than {MOST_UNKNOWN:.0%}": unknown > MOST_UNKNOWN,
        f"their entropy is {nats:.4f} nats/token, below {LEAST_NATS}": nats < LEAST_NATS,
        f"only {distinct} distinct ids occur, fewer than {LEAST_DISTINCT}": distinct < LEAST_DISTINCT,
    }
    return [phrase for phrase, holds in found.items() if holds]


def audit(counts: Counts, tokenizer: Tokenizer, documents: int, size: int) -> dict[str, Any]:
    """What the manifest says about `documents` of `size` bytes in all; entropies are of the ids without context."""
    tokens, nats = int(counts.sum()), entropy_nats(counts)
    return {
        "tokens": tokens,
        "distinct_ids": int((counts > 0).sum()),
        "entropy_nats": nats,
        "entropy_bits": nats / math.log(2),
        "ln_vocab_nats": math.log(tokenizer.vocab_size),
        "ln_usable_nats": math.log(tokenizer.usable),
        "unk_rate": _share(counts, tokenizer.unk_id),
        "bytes_per_token": size / max(1, tokens - documents),
        "histogram": {str(one): int(counts[one]) for one in np.flatnonzero(counts)},
    }


def _share(counts: Counts, one: int | None) -> float:
    return float(counts[one] / counts.sum()) if one is not None and one < len(counts) else 0.0
