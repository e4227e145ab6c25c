"""Byte-level BPE: every text has an encoding and comes back unchanged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from aprtrain.errors import InputError
from aprtrain.files import digest_bytes, write_whole

UNKNOWN = "<unk>"
END_OF_TEXT = "<|endoftext|>"
SMALLEST_VOCABULARY = 258
"""256 bytes and two specials."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokenizer:
    """A tokenizer and what identifies it."""

    inner: Any
    vocab_size: int
    unk_id: int
    eos_id: int
    digest: str
    """SHA-256 of the bytes of tokenizer.json."""

    def encode(self, texts: Sequence[str]) -> list[npt.NDArray[np.int64]]:
        """The ids of each text; a special's name inside a text is plain text."""
        return [np.asarray(found.ids, np.int64) for found in self.inner.encode_batch_fast(list(texts))]

    def decode(self, ids: Sequence[int]) -> str:
        """The text of the ids, specials left out."""
        return str(self.inner.decode(list(ids)))


def train(texts: Iterable[str], vocab_size: int, folder: Path) -> Tokenizer:
    """Writes tokenizer.json with `vocab_size` entries into `folder`.

    Raises:
        InputError: the vocabulary is smaller than 256 bytes and two specials, or the texts too few pairs.
    """
    from tokenizers import Tokenizer as Inner
    from tokenizers import decoders, models, pre_tokenizers, trainers

    if vocab_size < SMALLEST_VOCABULARY:
        fix = f"give at least {SMALLEST_VOCABULARY}: 256 bytes and two specials"
        raise InputError("tokenizer", f"vocab_size={vocab_size} is too small", fix)
    inner = Inner(models.BPE(unk_token=UNKNOWN))
    inner.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    inner.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocab_size,
        special_tokens=[UNKNOWN, END_OF_TEXT],
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    inner.train_from_iterator(texts, trainer)
    if inner.get_vocab_size() != vocab_size:
        what = f"the texts give {inner.get_vocab_size()} entries, not vocab_size={vocab_size}"
        raise InputError("tokenizer", what, "give more text, or a smaller vocabulary")
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / "tokenizer.json", inner.to_str(pretty=False))
    return load(folder / "tokenizer.json")


def load(path: Path) -> Tokenizer:
    """The tokenizer in a tokenizer.json (or in the folder that holds one)."""
    from tokenizers import Tokenizer as Inner

    path = path / "tokenizer.json" if path.is_dir() else path
    try:
        data = path.read_bytes()
        inner = Inner.from_buffer(data)
    except Exception as error:  # the library raises bare Exception
        fix = "give a tokenizer.json written by `aprtrain tokenizer train`"
        raise InputError(path, f"is no readable tokenizer ({error})", fix) from error
    inner.encode_special_tokens = True
    unk_id, eos_id = inner.token_to_id(UNKNOWN), inner.token_to_id(END_OF_TEXT)
    if unk_id is None or eos_id is None:
        what = f"has no {UNKNOWN} or no {END_OF_TEXT} entry"
        raise InputError(path, what, "train one with `aprtrain tokenizer train`")
    return Tokenizer(
        inner=inner,
        vocab_size=inner.get_vocab_size(),
        unk_id=unk_id,
        eos_id=eos_id,
        digest=digest_bytes(data),
    )
