"""A tokenizer whose encoder and vocabulary write bytes differently is refused before anything is encoded.

Hunts for: an encoder that looks its tokens up in a vocabulary of another format, finds none, and goes on.
Why it matters: the corpus of the story was 99.99 percent the unknown token after 17 hours, and the loss was a triumph.
How it looks: `<0x41>` where the vocabulary has `A`, or the reverse; one id that has nearly all places.
If it strikes, suspect: a format that is guessed from a file name, an encoder that never encodes a sample and back.
Blind spots: two formats that agree on every byte of the sample.
Sources: public threads 1585 and 1598 of paiml/aprender, 2026.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from falsifiers.law import one_law
from falsifiers.program import aprtrain, refused, tokenizer, workshop, write_texts

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FEWEST = 6
"""A case is a process of half a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """How the vocabulary writes a byte, how the encoder does, and the command that meets them."""

    vocabulary: str
    encoder: str
    command: str


FORMATS = ("byte-level", "hexadecimal")


def cases(_subject: None) -> SearchStrategy[Case]:
    """Each format with its own kind and with the other."""
    from hypothesis import strategies as st

    known = st.sampled_from(FORMATS)
    return st.builds(Case, vocabulary=known, encoder=known, command=st.sampled_from(["encode", "import"]))


def reading(_subject: None, case: Case) -> float:
    """How many promises are broken: a mismatch is refused and leaves no manifest, a match of ours encodes."""
    folder = workshop() / "format"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "tok").mkdir(parents=True)
    write_texts(folder / "texts", seed=5)
    made = json.loads((tokenizer() / "tokenizer.json").read_text(encoding="utf-8"))
    (folder / "tok" / "tokenizer.json").write_text(json.dumps(_rewritten(made, case)), encoding="utf-8")
    if case.command == "encode":
        ran = aprtrain("encode", "texts", "--tokenizer", "tok", "--out", "out", cwd=folder)
    else:
        ran = aprtrain("tokenizer", "import", "tok", "--out", "out", cwd=folder)
    left = any((folder / "out" / name).exists() for name in ("manifest.json", "tokenizer.json"))
    if case.vocabulary == case.encoder == "byte-level":
        return float(ran.status != 0)
    return float(refused(ran, "byte") + left) if case.vocabulary != case.encoder else float("Traceback" in ran.err)


def _rewritten(made: dict[str, Any], case: Case) -> dict[str, Any]:
    """A tokenizer.json with the vocabulary of one format and the encoder of the other."""
    from tokenizers.pre_tokenizers import ByteLevel

    if case.vocabulary == "hexadecimal":
        specials = {row["content"]: row["id"] for row in made["added_tokens"]}
        spare = [one for one in range(len(made["model"]["vocab"])) if one not in specials.values()]
        pieces = [f"<0x{byte:02X}>" for byte in range(256)]
        made["model"] |= {"vocab": specials | dict(zip(pieces, spare, strict=False)), "merges": []}
    if case.encoder == "hexadecimal":
        made["model"]["byte_fallback"] = True
        made["pre_tokenizer"], made["decoder"] = None, {"type": "ByteFallback"}
    elif case.vocabulary == "hexadecimal":
        made["pre_tokenizer"] = json.loads(ByteLevel(add_prefix_space=False).__getstate__())
    return made


FALSIFIER = one_law(__doc__, cases, reading, name=__name__, fewest=FEWEST)
