"""A document belongs to the split that the digest of its text gives, under any name, in any order, beside any others.

Hunts for: a split that depends on a name, a place, other documents, a seed or a machine.
Why it matters: two runs that drew their own held-out documents are compared on different text, and what one scored the
other has trained on.
How it looks: a difference of 0.2 nats between runs that only differ in their draw.
If it strikes, suspect: a shuffle before the split, a hash that is salted for each process, a bucket of the file name.
Blind spots: whether the shares of the splits are the declared ones over a large corpus.
Sources: Bouthillier et al. 2021, arXiv:2103.03098; Python's `hash` of a text, which is salted since 3.3.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from falsifiers.law import one_law
from falsifiers.program import aprtrain, tokenizer, workshop, write_texts

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FEWEST = 8
"""A case is a process of half a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A corpus, and how its documents are presented."""

    seed: int
    documents: int
    renamed: bool
    processes: int


def cases(_subject: None) -> SearchStrategy[Case]:
    """Corpora that share documents with each other, since the words are drawn from one seed's beginning."""
    from hypothesis import strategies as st

    sizes = st.sampled_from([90, 120, 150])
    return st.builds(Case, seed=st.integers(0, 2), documents=sizes, renamed=st.booleans(), processes=st.integers(1, 2))


def reading(_subject: None, case: Case) -> float:
    """Documents that are in another split than their digest's, or in none."""
    source, out = workshop() / "split-texts", workshop() / "split-shards"
    for folder in (source, out):
        shutil.rmtree(folder, ignore_errors=True)
    texts = write_texts(source, case.seed, case.documents)
    if case.renamed:
        for place, name in enumerate(sorted(texts, reverse=True)):
            (source / name).rename(source / f"other-{place}.md")
    options = ("--tokenizer", tokenizer(), "--out", out, "--processes", case.processes)
    ran = aprtrain("encode", source, *map(str, options), cwd=workshop())
    if ran.status != 0:
        raise RuntimeError(f"encode ended with {ran.status}: {ran.err.strip()[-200:]}")
    splits = json.loads((out / "manifest.json").read_text(encoding="utf-8"))["splits"]
    found = {row["id"]: name for name, split in splits.items() for row in split["documents"]}
    digests = [hashlib.sha256(text.encode()).hexdigest() for text in texts.values()]
    return float(sum(found.get(digest) != _split(digest) for digest in digests))


def _split(digest: str) -> str:
    bucket = int(digest[:8], 16) % 100
    return "val-a" if bucket < 5 else "val-b" if bucket < 10 else "train"


FALSIFIER = one_law(__doc__, cases, reading, name=__name__, unit="documents", fewest=FEWEST)
