"""A document of a corpus of code is the text of its file, byte for byte, without the comments at its head.

Hunts for: a reader that drops, joins or rewrites lines on the way from the file to the document.
Why it matters: every digest and every round trip after it is about the text that was kept, and names that one right;
what was dropped before is missed by nobody.
How it looks: code without comments or blank lines, a corpus that is some hundredths smaller than its files.
If it strikes, suspect: a pattern that matches at every line and not at the beginning alone, line ends that are
translated, a strip of what only looks empty.
Blind spots: files that the corpus leaves out altogether; corpora that are not code.
Sources: johann-petrak/licenseheaders issue 38 (a pattern for comments at the head that took lines of code as well).
"""

from __future__ import annotations

import importlib
import shutil
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from falsifiers.law import one_law
from falsifiers.loop.record import finished
from falsifiers.oracles.shards import read_shards
from falsifiers.program import aprtrain, tokenizer, workshop

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FEWEST = 5
"""A case is a process that reads a library and encodes a part of it, some three seconds."""
MOST_BYTES = "2000000"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A corpus of code, and the size of its largest document in bytes."""

    corpus: str
    longest: int


def cases(_subject: None) -> SearchStrategy[Case]:
    """The interpreter's library and installed packages; short files alone, and long ones."""
    from hypothesis import strategies as st

    corpora, sizes = st.sampled_from(["stdlib", "site-packages"]), st.sampled_from([4_000, 16_000, 60_000])
    return st.builds(Case, corpus=corpora, longest=sizes)


def reading(_subject: None, case: Case) -> float:
    """Documents whose tokens spell another text than their file's after its leading comments and blank lines."""
    from tokenizers import Tokenizer

    out = workshop() / "code-shards"
    shutil.rmtree(out, ignore_errors=True)
    sizes = ("--max-document-bytes", str(case.longest), "--max-bytes", MOST_BYTES)
    finished(aprtrain("encode", case.corpus, "--tokenizer", tokenizer(), "--out", out, *sizes, cwd=workshop()))
    inner = Tokenizer.from_file(str(out / "tokenizer.json"))
    return float(
        sum(
            inner.decode(split.sequence(one)[1:-1].tolist(), skip_special_tokens=False) != _text(case.corpus, one.name)
            for split in read_shards(out).splits.values()
            for one in split.documents
        )
    )


def _text(corpus: str, name: str) -> str:
    lines = _file(corpus, name).read_bytes().splitlines(keepends=True)
    at = next((number for number, line in enumerate(lines) if not _blank(line)), len(lines))
    return b"".join(lines[at:]).decode()


def _blank(line: bytes) -> bool:
    """Whether a line is a comment, or nothing."""
    return line.endswith(b"\n") and line.strip(b" \t\r\n")[:1] in {b"", b"#"}


def _file(corpus: str, name: str) -> Path:
    if corpus == "stdlib":
        return Path(sysconfig.get_path("stdlib"), name)
    package, _, within = name.partition("/")
    return Path(importlib.import_module(package).__path__[0], within)


FALSIFIER = one_law(__doc__, cases, reading, name=__name__, unit="documents", fewest=FEWEST)
