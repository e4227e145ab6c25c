"""One process or many, in one go or killed and taken up again: the same shards and the same manifest, byte for byte.

Hunts for: an encoding that depends on how many processes made it, or on where it was interrupted.
Why it matters: shards that nobody can make again cannot be compared, and a run on them cannot be repeated.
How it looks: two manifests that differ in a digest, and two runs that differ from step 0 on.
If it strikes, suspect: results taken in the order in which they come, a cut inside a document, a worker with options of
its own, half a shard that is taken for a whole one.
Blind spots: corpora of several shards of the full size.
Sources: Python's `imap_unordered`; huggingface/datasets issue 3172 (fingerprints that differ between processes).
"""

from __future__ import annotations

import functools
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from falsifiers.law import one_law
from falsifiers.process import Ran
from falsifiers.program import aprtrain, tokenizer, workshop, write_texts

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FEWEST = 5
"""A case is one or two processes that encode a megabyte with workers of their own."""
DOCUMENTS, WORDS = 260, 900
"""Enough text for several workers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """How the shards are made."""

    processes: int
    killed_at: float
    """Seconds after which the first attempt is killed; 0 where it is not."""


def cases(_subject: None) -> SearchStrategy[Case]:
    """Two to four workers, killed early or late or never."""
    from hypothesis import strategies as st

    return st.builds(Case, processes=st.integers(2, 4), killed_at=st.sampled_from([0.0, 0.0, 0.5, 1.0]))


def reading(_subject: None, case: Case) -> float:
    """Bytes that differ from what one process made in one go."""
    alone, out = _alone(), workshop() / "parallel"
    shutil.rmtree(out, ignore_errors=True)
    if case.killed_at:
        _encode(out, case.processes, case.killed_at)
    ran = _encode(out, case.processes, None)
    if ran.status != 0:
        raise RuntimeError(f"encode ended with {ran.status}: {ran.err.strip()[-200:]}")
    found = _files(out)
    return float(sum(_distance(alone.get(name, b""), found.get(name, b"")) for name in alone | found))


def _encode(out: Path, processes: int, killed_at: float | None) -> Ran:
    options = ("--tokenizer", tokenizer(), "--out", out, "--processes", processes)
    return aprtrain("encode", workshop() / "much-text", *map(str, options), cwd=workshop(), kill_at=killed_at)


@functools.cache
def _alone() -> dict[str, bytes]:
    write_texts(workshop() / "much-text", seed=4, documents=DOCUMENTS, words=WORDS)
    ran = _encode(workshop() / "alone", 1, None)
    if ran.status != 0:
        raise RuntimeError(f"encode ended with {ran.status}: {ran.err.strip()[-200:]}")
    return _files(workshop() / "alone")


def _files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def _distance(left: bytes, right: bytes) -> int:
    return abs(len(left) - len(right)) + sum(a != b for a, b in zip(left, right, strict=False))


FALSIFIER = one_law(__doc__, cases, reading, name=__name__, unit="bytes", fewest=FEWEST)
