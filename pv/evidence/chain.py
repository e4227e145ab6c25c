"""The hash chain of `metrics.jsonl`: every row names the digest of the row before it.

A row that is edited, dropped, repeated or moved breaks the chain at the row after it. The chain says nothing
of rows cut from the end, nor of somebody who writes it anew: that is what the manifest and its keeper are
for.
"""

from collections.abc import Sequence

from pv.errors import EvidenceError
from pv.evidence.bundle import Row
from pv.evidence.canonical import parse_json, sha256_bytes

FIRST = "0" * 64
"""`prev` of the first row."""


def broken_at(lines: Sequence[bytes], rows: Sequence[Row] | None = None) -> int | None:
    """Return the index of the first line whose `prev` is not the digest of the line before; None if all hold.

    Args:
        lines: The rows as stored, each without its newline.
        rows: What the lines hold, where all of them were parsed already.
    """
    expected = FIRST
    for index, line in enumerate(lines):
        if (_prev(line) if rows is None else rows[index].get("prev")) != expected:
            return index
        expected = sha256_bytes(line)
    return None


def _prev(line: bytes) -> object:
    try:
        row = parse_json(line, "row")
    except EvidenceError:
        return None
    return row.get("prev") if isinstance(row, dict) else None
