"""Each document stands between two ends of text, where the manifest says, and holds no other special token.

Hunts for: a border that is missing, doubled, or made of text that only looks like one; text that is tidied on its way;
documents in another order than the manifest's.
Why it matters: without a border a model learns to go on for ever; a doubled one is a token that costs nothing; a
special token inside a text cuts a document in two.
How it looks: two equal ids in a row at every border; a model that never ends what it writes; a digest that names
another text than the one at its place.
If it strikes, suspect: a template that adds its own tokens, an encoder that takes the name of a special for the
special, a writer that forgets the last document, pieces that are put together in another order than they were cut.
Blind spots: whether the end of text is a target is a matter of the loss, whose laws are others.
Sources: huggingface/transformers issue 30947 (two beginnings of text); paiml/aprender pull request 1585.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from falsifiers.law import one_law
from falsifiers.program import aprtrain, tokenizer, workshop, write_texts

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FEWEST = 6
"""A case is a process of half a second."""
NAMES = ("<|endoftext|>", "<unk>", "<|endoftext|><|endoftext|>")
DOCUMENTS = 260
"""So many that no split is left without one."""
FEW, MANY = 60, 900
"""Words of each: some tens of kilobytes in all, or more than a megabyte."""
BLANKS = ("\t", "\r\n", "  ", " \n", "\n\n\n", "\u00a0", "\u3000", "\ufeff", "e\u0301", "\x0c")
"""What is often taken for something else: blanks, ends of lines, and a letter of two characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A corpus, with the name of a special token in some of its texts, and a blank of some kind in all of them."""

    seed: int
    name: str
    every: int
    blank: str
    words: int


def cases(_subject: None) -> SearchStrategy[Case]:
    """The name stands at the beginning of every second, fifth or twentieth document; short ones, or long."""
    from hypothesis import strategies as st

    name, blank = st.sampled_from(NAMES), st.sampled_from(BLANKS)
    seed, every, words = st.integers(0, 1), st.sampled_from([2, 5, 20]), st.sampled_from([FEW, MANY])
    return st.builds(Case, seed=seed, name=name, every=every, blank=blank, words=words)


def reading(_subject: None, case: Case) -> float:
    """Documents that do not stand once between two ends of text, or stand where the manifest has another."""
    source, out = workshop() / "border-texts", workshop() / "border-shards"
    for folder in (source, out):
        shutil.rmtree(folder, ignore_errors=True)
    texts = write_texts(source, case.seed, documents=DOCUMENTS, words=case.words)
    for number, (name, text) in enumerate(sorted(texts.items())):
        texts[name] = case.name * (number % case.every == 0) + f"{case.blank}{text}{case.blank}".replace(
            " ", case.blank, 3
        )
        (source / name).write_bytes(texts[name].encode())
    ran = aprtrain("encode", source, "--tokenizer", tokenizer(), "--out", out, cwd=workshop())
    if ran.status != 0:
        raise RuntimeError(f"encode ended with {ran.status}: {ran.err.strip()[-200:]}")
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    found = [(split["documents"], _documents(out, split, manifest)) for split in manifest["splits"].values()]
    decoded = Counter(digest for _, digests in found for digest in digests)
    wanted = Counter(hashlib.sha256(text.encode()).hexdigest() for text in texts.values())
    elsewhere = sum(row["id"] != digest for rows, digests in found for row, digest in zip(rows, digests, strict=False))
    return float(sum((decoded - wanted).values()) + sum((wanted - decoded).values()) + elsewhere)


def _documents(
    folder: Path, split: Mapping[str, Sequence[Mapping[str, str]]], manifest: Mapping[str, int]
) -> list[str]:
    """Digest of what stands between each two ends of text of a split's stream, decoded by another library call."""
    from tokenizers import Tokenizer

    inner = Tokenizer.from_file(str(folder / "tokenizer.json"))
    stream = np.concatenate([np.fromfile(folder / row["file"], np.dtype("<u2")) for row in split["shards"]])
    ends = np.flatnonzero(stream == manifest["eos_id"])
    pieces = [stream[a + 1 : b].tolist() for a, b in zip([-1, *ends], [*ends, len(stream)], strict=True)]
    first, *inside, last = pieces
    whole = [inner.decode(piece, skip_special_tokens=False) for piece in inside]
    return [hashlib.sha256(text.encode()).hexdigest() for text in whole] + ["outside"] * (len(first) + len(last) > 0)


FALSIFIER = one_law(__doc__, cases, reading, name=__name__, unit="documents", fewest=FEWEST)
