"""Whatever a file holds, and however large it is, the answer comes soon and takes little memory.

Hunts for: a file that makes a command read, expand or nest without end.
Why it matters: a contract or a bundle from a stranger's branch would stop everybody's pipeline.
How it looks: what sort of file it was, how far it went, and the command; infinity where no answer came at all.
If it strikes, suspect: the limits in pv/contract/reader for contracts, those in pv/evidence/canonical.py for evidence.
Blind spots: many large files at once; the time that a slow disk takes.
Sources: CWE-400 and CWE-776; contracts/pv-self-v1.yaml, FALSIFY-PV-SELF-027.
"""

from __future__ import annotations

import hashlib
import json
import math
import resource
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from falsifiers import process
from falsifiers.engine.command import project
from falsifiers.law import one_law

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FEWEST = 12
"""A case is a process of up to some seconds."""
MOST_S: Final = 5.0
PATIENCE_S: Final = 12.0
"""When a process is given up."""
MOST_BYTES: Final = 500 * 10**6
HUGE: Final = 10**9
LONG: Final = 10**8
PIECE: Final = 10**6
ANSWERS: Final = frozenset({2, 4})
"""Statuses of a command that has refused a file."""
CONTRACT, RAW = "contracts/strange.yaml", "evidence/strange/2026-01-01-cpu-000000000000/raw/run.json"


def _pieces(unit: str) -> Callable[[int], Iterator[bytes]]:
    """100 MB of one line, repeated; `#` is its number."""

    def pieces(_size: int) -> Iterator[bytes]:
        lines = "".join(unit.replace("#", str(number)) for number in range(PIECE // len(unit))).encode()
        yield from (lines for _ in range(LONG // len(lines)))

    return pieces


def _bomb(size: int) -> Iterator[bytes]:
    """Aliases of aliases: ten to the power of the number of lines."""
    yield b"a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for number in range(1, 10 * size):
        yield f"a{number}: &a{number} [{', '.join([f'*a{number - 1}'] * 10)}]\n".encode()


def _nested(size: int) -> Iterator[bytes]:
    """Lists in lists, from fifty levels to half a million."""
    depth = 50 * 10 ** (size - 1)
    yield b"a: " + b"[" * depth + b"]" * depth


def _indented(size: int) -> Iterator[bytes]:
    """Mappings in mappings, by indentation."""
    for depth in range(250 * size):
        yield b" " * depth + b"a:\n"


def _sparse(_size: int) -> Iterator[bytes]:
    yield b'pv: "1"\n'


FILES: Final[Mapping[str, Callable[[int], Iterator[bytes]]]] = {
    "alias bomb": _bomb,
    "nested": _nested,
    "indented": _indented,
    "sparse": _sparse,
    "anchors": _pieces("a#: &a# 1\n"),
    "scalar": _pieces("x"),
    "entries": _pieces("- 1\n"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One file, and where it lies."""

    file: str
    size: int
    """How far it goes, where it is not a fixed size."""
    evidence: bool
    """Whether it is a part of a bundle; else it is a contract."""


def cases(_subject: None) -> SearchStrategy[Case]:
    """Every sort of file, as a contract and as evidence."""
    from hypothesis import strategies as st

    return st.builds(Case, file=st.sampled_from(list(FILES)), size=st.integers(1, 4), evidence=st.booleans())


def reading(_subject: None, case: Case) -> float:
    """Seconds until the file was refused; infinity where it was not."""
    with project({}) as here:
        path = here / (RAW if case.evidence else CONTRACT)
        path.parent.mkdir(parents=True)
        with path.open("wb") as file:
            file.writelines(FILES[case.file](case.size))
            if case.file == "sparse":
                file.truncate(HUGE)
        if case.evidence:
            _list(path)
        command = ("verify", str(path.parents[1])) if case.evidence else ("validate", "contracts", "--no-cache")
        ran = process.run("pv", *command, cwd=here, timeout=PATIENCE_S, limits={resource.RLIMIT_AS: MOST_BYTES})
    return ran.seconds if ran.status in ANSWERS and "Traceback" not in ran.err else math.inf


def _list(file: Path) -> None:
    """Write the manifest of a bundle of this one file; its digest is right unless the file has holes."""
    holes = file.stat().st_blocks * 512 < file.stat().st_size // 2
    with file.open("rb") as content:
        digest = hashlib.sha256(b"" if holes else content.read()).hexdigest()
    row = {"path": "raw/run.json", "sha256": digest, "size": file.stat().st_size}
    (file.parents[1] / "manifest.json").write_text(json.dumps({"files": [row], "schema_version": "1"}))


FALSIFIER = one_law(__doc__, cases, reading, name=__name__, unit="s", tolerance=MOST_S, fewest=FEWEST)
