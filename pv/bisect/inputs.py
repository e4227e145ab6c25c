"""The ids that both systems are given."""

import random
from pathlib import Path
from typing import Final

from pv.errors import UsageError

MOST_BYTES: Final = 16 * 2**20
"""Of a file with ids."""
_FIX: Final = "write whole numbers apart by spaces or commas"


def read_tokens(text: str) -> tuple[int, ...]:
    """The ids that are written in a text, or in the file that it names.

    Raises:
        UsageError: Neither holds ids, or the file is too large.
    """
    path = Path(text)
    try:
        if path.is_file():
            if path.stat().st_size > MOST_BYTES:
                raise UsageError(str(path), f"is larger than {MOST_BYTES} bytes", "give fewer ids")
            text = path.read_text(encoding="utf-8")
        ids = tuple(map(int, text.replace(",", " ").split()))
    except (OSError, ValueError) as error:
        raise UsageError("--tokens", f"{text[:80]!r} is no file and no ids ({error})", _FIX) from error
    if not ids or not all(0 <= one < 2**31 for one in ids):
        raise UsageError("--tokens", "holds no ids, or one that is negative or beyond 32 bits", _FIX)
    return ids


def drawn(inputs: int, length: int, vocabulary: int, seed: int) -> list[tuple[int, ...]]:
    """So many inputs of `length` ids each, drawn evenly from the vocabulary with the seed."""
    rng = random.Random(seed)  # noqa: S311  no secret
    return [tuple(rng.randrange(vocabulary) for _ in range(length)) for _ in range(inputs)]
