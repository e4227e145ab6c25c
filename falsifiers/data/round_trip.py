"""Every text comes back from its tokens, byte for byte.

Hunts for: an encoder or a decoder that drops, folds or adds a character.
Why it matters: what is lost before training can be neither learned nor generated, and a shorter text has a lower loss.
How it looks: lower-case code, missing blanks at the beginning of a line, replacement characters.
If it strikes, suspect: a normaliser, a space put before the first word, an alphabet that lacks a byte, ids narrowed to
16 bits.
Blind spots: surrogates, which no UTF-8 text has; tokenizers other than the one that is trained here.
Sources: Sennrich, Haddow and Birch 2015, arXiv:1508.07909; huggingface/tokenizers issue 1448.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from falsifiers.kernels.trainer import find
from falsifiers.law import one_law
from falsifiers.program import VOCABULARY, workshop, write_texts

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

TRICKY = (
    "",
    "\r\n",
    "\t",
    " ",
    "  \n",
    "\x00",
    "\x7f",
    "\u0301",
    "e\u0301",
    "\u202e",
    "\ufeff",
    "🙂",
    "👩‍👩‍👧",
    "<unk>",
    "<|endoftext|>",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A text, as parts that are repeated in turn."""

    parts: tuple[str, ...]
    times: int


def cases(_subject: None) -> SearchStrategy[Case]:
    """Any code point, control characters, line ends, marks, emoji, names of specials; up to 100 kB on one line."""
    from hypothesis import strategies as st

    text = st.text(st.characters(codec="utf-8"), max_size=12) | st.sampled_from(TRICKY)
    times = st.sampled_from([1, 1, 1, 2, 50, 3000])
    return st.builds(Case, parts=st.lists(text, max_size=6).map(tuple), times=times)


def reading(_subject: None, case: Case) -> float:
    """Bytes that differ, those that one side lacks included."""
    text = "".join(case.parts) * case.times
    loaded = _tokenizer()
    back = str(loaded.decode(loaded.encode([text])[0])).encode("utf-8", "surrogatepass")
    data = text.encode()
    return float(sum(a != b for a, b in zip(data, back, strict=False)) + abs(len(data) - len(back)))


@functools.cache
def _tokenizer() -> Any:
    texts = write_texts(workshop() / "round-trip", seed=1, documents=200)
    folder: Path = workshop() / "round-trip-tok"
    return find("tokenizer.train")(list(texts.values()), VOCABULARY, folder)


FALSIFIER = one_law(__doc__, cases, reading, name=__name__, unit="bytes")
