"""Byte pair encoding, trained here or published: every text has an encoding and comes back unchanged."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer as Inner
from tokenizers import decoders, models, pre_tokenizers, trainers

from aprtrain.errors import InputError
from aprtrain.files import digest_bytes, write_whole

UNKNOWN = "<unk>"
END_OF_TEXT = "<|endoftext|>"
ENDS = (END_OF_TEXT, "<|end_of_text|>", "</s>", "<eos>")
"""What the end of text is called, here and in published tokenizers."""
SMALLEST_VOCABULARY = 258
"""256 bytes and two specials."""
UNDERSTOOD = "a tokenizer.json of Hugging Face with BPE on bytes or with byte fallback"
_PROBE = "§ Prüfe\t{'a': [0.5, -12]}\n    if x != y:  # 漢字, emoji 🙂\r\n"
"""Comes back from every encoder that loses nothing; its first sign is written with two bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokenizer:
    """A tokenizer and what identifies it."""

    inner: Any
    kind: str
    """How vocabulary and encoder write bytes: `byte-level` or `byte fallback`."""
    vocab_size: int
    """One more than the largest id."""
    usable: int
    """Ids that encoding can give: entries that are not reserved, and the end of text."""
    unk_id: int | None
    """None where every text has an encoding without it."""
    eos_id: int
    data: bytes
    """Of tokenizer.json."""
    digest: str
    """Their SHA-256."""

    @property
    def dtype(self) -> np.dtype[Any]:
        """The smallest of uint16 and uint32 that holds every id."""
        return np.dtype("<u2" if self.vocab_size <= 1 << 16 else "<u4")

    def encode(self, texts: Sequence[str]) -> list[npt.NDArray[Any]]:
        """The ids of each text, without any special; a special's name inside a text is plain text."""
        one = self.inner.encode_batch_fast
        return [np.asarray(one([text], add_special_tokens=False)[0].ids, self.dtype) for text in texts]

    def decode(self, ids: npt.ArrayLike) -> str:
        """The text of the ids, specials left out."""
        return str(self.inner.decode(np.asarray(ids, np.int64).tolist()))

    def __str__(self) -> str:
        unknown = "no unknown" if self.unk_id is None else f"unknown {self.inner.id_to_token(self.unk_id)}"
        end = f"end of text {self.inner.id_to_token(self.eos_id)} ({self.eos_id})"
        return f"{self.kind} BPE, {self.vocab_size:,} entries, {self.usable:,} usable, {unknown}, {end}"


def train(texts: Iterable[str], vocab_size: int, folder: Path) -> Tokenizer:
    """Writes tokenizer.json with `vocab_size` entries into `folder`.

    Raises:
        InputError: the texts give another number of entries; 256 bytes and two specials are always among them.
    """
    inner = Inner(models.BPE(unk_token=UNKNOWN))
    inner.pre_tokenizer, inner.decoder = pre_tokenizers.ByteLevel(add_prefix_space=False), decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocab_size,
        special_tokens=[UNKNOWN, END_OF_TEXT],
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    inner.train_from_iterator(texts, trainer)
    if inner.get_vocab_size() != vocab_size:
        what = f"the texts give {inner.get_vocab_size()} entries, not vocab_size={vocab_size}"
        raise InputError("tokenizer", what, f"give another size, at least {SMALLEST_VOCABULARY}, or more text")
    return _write(inner.to_str(pretty=False).encode(), folder)


def load(path: Path) -> Tokenizer:
    """The tokenizer in a tokenizer.json (or in the folder that holds one).

    Raises:
        InputError: it cannot be read, is no BPE, writes bytes otherwise than its vocabulary, or loses text.
    """
    path = path / "tokenizer.json" if path.is_dir() else path
    return _checked(path, _read(path))


def import_published(source: Path, folder: Path, vocab_size: int | None = None) -> Tokenizer:
    """Writes the tokenizer of `source` to tokenizer.json in `folder`, byte for byte where that is what it was.

    Reserved tokens fill it up to `vocab_size` where that is given.

    Raises:
        InputError: the format is not understood, or the tokenizer has more entries than `vocab_size`.
    """
    data = _published(source)
    found = _checked(source, data)
    missing = 0 if vocab_size is None else vocab_size - found.vocab_size
    if missing < 0:
        what = f"has {found.vocab_size} entries, more than --vocab-size {vocab_size}"
        raise InputError(source, what, "give a larger one, or none")
    if missing:
        found.inner.add_special_tokens([f"<|reserved_{number}|>" for number in range(missing)])
        data = found.inner.to_str(pretty=False).encode()
    return _write(data, folder)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(path, f"cannot be read ({error.strerror})", f"give {UNDERSTOOD}") from error


def _write(data: bytes, folder: Path) -> Tokenizer:
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / "tokenizer.json", data)
    return load(folder)


def _published(source: Path) -> bytes:
    """tokenizer.json, which `source` is or holds; anything else is refused by its name."""
    file = source / "tokenizer.json" if source.is_dir() else source
    if file.suffix == ".json" and file.exists():
        return _read(file)
    names = sorted(path.name for path in source.iterdir()) if source.is_dir() else [source.name]
    sentences = [name for name in names if name.endswith(".model")]
    what = f"{sentences[0]} is a SentencePiece model" if sentences else f"holds no known format: {', '.join(names[:9])}"
    raise InputError(source, what, f"understood is {UNDERSTOOD}")


def _checked(where: Path, data: bytes) -> Tokenizer:
    try:
        inner = Inner.from_buffer(data)
    except Exception as error:  # the library raises bare Exception
        raise InputError(where, f"is no readable tokenizer ({error})", f"give {UNDERSTOOD}") from error
    kind, vocabulary = _kind(where, inner), inner.get_vocab()
    ends = [name for name in ENDS if name in vocabulary]
    if not ends:
        raise InputError(where, f"has no end of text ({', '.join(ENDS)})", "add one to its added_tokens")
    inner.add_special_tokens(ends[:1])
    inner.encode_special_tokens, inner.model.dropout = True, None
    inner.no_truncation()
    inner.no_padding()
    found = inner.decode(inner.encode(_PROBE, add_special_tokens=False).ids)
    if found != _PROBE:
        raise InputError(where, f"loses text: {_PROBE!r} comes back as {found!r}", f"give {UNDERSTOOD}")
    vocab_size = max(vocabulary.values()) + 1
    if vocab_size > 2 * len(vocabulary):
        what = f"has ids up to {vocab_size - 1} for {len(vocabulary)} entries"
        raise InputError(where, what, "number them without gaps")
    return Tokenizer(
        inner=inner,
        kind=kind,
        vocab_size=vocab_size,
        usable=len(vocabulary) + 1 - sum(token.special for token in inner.get_added_tokens_decoder().values()),
        unk_id=vocabulary.get(inner.model.unk_token or UNKNOWN),
        eos_id=vocabulary[ends[0]],
        data=data,
        digest=digest_bytes(data),
    )


def _kind(where: Path, inner: Inner) -> str:
    """How vocabulary and encoder both write bytes; where they differ, all that is encoded would be unknown."""
    if not isinstance(inner.model, models.BPE):
        raise InputError(where, f"is a {type(inner.model).__name__} tokenizer", f"understood is {UNDERSTOOD}")
    letters, numbers = pre_tokenizers.ByteLevel.alphabet(), [f"<0x{byte:02X}>" for byte in range(256)]
    spelt = {"byte-level": letters, "byte fallback": numbers, "characters": []}
    known = [kind for kind, names in spelt.items() if None not in map(inner.token_to_id, names)]
    words = inner.pre_tokenizer.pre_tokenize_str(_PROBE[0]) if inner.pre_tokenizer else []
    encoder = "byte fallback" if inner.model.byte_fallback else "characters"
    encoder = "byte-level" if any("Â§" in word for word, _ in words) else encoder
    if encoder not in known or encoder == "characters":
        what = f"its vocabulary spells {known[0]}, its encoder {encoder}: bytes would be lost or unknown"
        raise InputError(where, what, f"understood is {UNDERSTOOD}")
    return encoder
