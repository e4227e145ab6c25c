"""Every text comes back from its ids."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import AddedToken, decoders, models, normalizers, pre_tokenizers, processors
from tokenizers import Tokenizer as Inner

from aprtrain import tokenizer
from aprtrain.errors import InputError


@given(text=st.text(max_size=200))
def test_a_text_does_not_come_back(text, tokenizer_folder):
    found = tokenizer.load(tokenizer_folder)
    (ids,) = found.encode([text])
    assert found.decode(ids) == text
    assert not {found.unk_id, found.eos_id} & set(ids.tolist())


def test_the_name_of_a_special_becomes_the_special(tokenizer_folder):
    found = tokenizer.load(tokenizer_folder)
    (ids,) = found.encode(["a<|endoftext|><unk>b"])
    assert found.decode(ids) == "a<|endoftext|><unk>b"
    assert not {found.unk_id, found.eos_id} & set(ids.tolist())


def test_training_twice_gives_two_tokenizers(tmp_path):
    texts = [f"some text {number} to learn from" for number in range(50)]
    one, two = (tokenizer.train(texts, 280, tmp_path / name) for name in "ab")
    assert one.digest == two.digest
    assert (one.vocab_size, one.unk_id, one.eos_id) == (280, 0, 1)


@pytest.mark.parametrize("size", [257, 5000])
def test_an_impossible_vocabulary_is_accepted(tmp_path, size):
    with pytest.raises(InputError, match=rf"not vocab_size={size}(.|\n)*fix: "):
        tokenizer.train(["a few words"], size, tmp_path)


def test_a_broken_file_is_accepted(tmp_path):
    (tmp_path / "tokenizer.json").write_text("{}", encoding="utf-8")
    with pytest.raises(InputError, match="no readable tokenizer"):
        tokenizer.load(tmp_path)


LETTERS = sorted(pre_tokenizers.ByteLevel.alphabet())
BYTES = [f"<0x{byte:02X}>" for byte in range(256)]


def published(names=LETTERS, end="<|end_of_text|>", *, unk=None, fallback=False):
    """A tokenizer as they are published: no `<unk>`, an end of text and reserved ones among the added tokens."""
    model = models.BPE({name: number for number, name in enumerate(names)}, [], unk_token=unk, byte_fallback=fallback)
    inner = Inner(model)
    inner.pre_tokenizer, inner.decoder = pre_tokenizers.ByteLevel(add_prefix_space=False), decoders.ByteLevel()
    inner.add_special_tokens([end, "<|fim_prefix|>"])
    inner.add_tokens(["<tool_call>"])
    return inner


def sentences():
    """Byte fallback, as the older Llamas have it."""
    inner = published([*BYTES, "<unk>", "▁", "a"], "</s>", unk="<unk>", fallback=True)
    inner.normalizer = normalizers.Replace(" ", "▁")
    inner.pre_tokenizer = None
    inner.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()])
    return inner


def save(inner, folder):
    folder.mkdir(parents=True, exist_ok=True)
    inner.save(str(folder / "tokenizer.json"))
    return folder / "tokenizer.json"


@pytest.mark.parametrize("make", [published, sentences])
def test_a_published_tokenizer_is_refused_or_loses_text(make, tmp_path):
    path = save(make(), tmp_path / "theirs")
    found = tokenizer.import_published(path, tmp_path / "ours")
    assert (tmp_path / "ours" / "tokenizer.json").read_bytes() == path.read_bytes()
    assert found.kind == ("byte fallback" if make is sentences else "byte-level")
    assert found.unk_id == (256 if make is sentences else None)
    assert found.usable == found.vocab_size - 1  # of two specials, one is the end of text
    assert found.inner.id_to_token(found.eos_id) == ("</s>" if make is sentences else "<|end_of_text|>")
    text = "naïve  <|end_of_text|></s><tool_call>\r\n\t漢"
    (ids,) = found.encode([text])
    assert found.decode(ids) == text
    assert found.eos_id not in ids


def test_a_template_or_a_limit_acts_on_documents(tmp_path):
    inner = published()
    end = inner.token_to_id("<|end_of_text|>")
    inner.post_processor = processors.TemplateProcessing("<|end_of_text|> $0", None, [("<|end_of_text|>", end)])
    inner.enable_truncation(3)
    inner.enable_padding(length=40)
    (ids,) = tokenizer.load(save(inner, tmp_path)).encode(["five words are in here"])
    assert len(ids) == 22
    assert end not in ids


def test_reserved_entries_change_what_text_becomes(tmp_path):
    path = save(published(), tmp_path / "theirs")
    found = tokenizer.import_published(path, tmp_path / "ours", 300)
    before = tokenizer.load(path)
    assert (found.vocab_size, found.usable) == (300, before.usable)
    text = "text <|reserved_3|> more"
    assert found.encode([text])[0].tolist() == before.encode([text])[0].tolist()
    with pytest.raises(InputError, match="has 300 entries, more than --vocab-size 299"):
        tokenizer.import_published(tmp_path / "ours", tmp_path / "less", 299)


@pytest.mark.parametrize(("entries", "name"), [(65_536, "uint16"), (65_537, "uint32")])
def test_an_id_does_not_fit_its_shard(entries, name, tmp_path):
    found = tokenizer.import_published(save(published(), tmp_path), tmp_path / "ours", entries)
    assert found.dtype.name == name


def hexadecimal():
    """The story's mismatch: the vocabulary spells bytes as <0x41>, the encoder as letters."""
    return published([*BYTES, "<unk>"], "</s>", unk="<unk>")


def lower():
    inner = published()
    inner.normalizer = normalizers.Lowercase()
    return inner


def gapped():
    return published([*LETTERS[:-1], "x" * 9], "</s>")


def no_end():
    inner = Inner(models.BPE({name: number for number, name in enumerate(LETTERS)}, []))
    inner.pre_tokenizer, inner.decoder = pre_tokenizers.ByteLevel(add_prefix_space=False), decoders.ByteLevel()
    return inner


def words():
    inner = Inner(models.WordLevel({"<unk>": 0, "</s>": 1}, unk_token="<unk>"))
    inner.add_special_tokens([AddedToken("</s>")])
    return inner


@pytest.mark.parametrize(
    ("make", "what"),
    [
        (hexadecimal, "its vocabulary spells byte fallback, its encoder byte-level"),
        (lower, "loses text"),
        (gapped, "its vocabulary spells characters, its encoder byte-level"),
        (no_end, "has no end of text"),
        (words, "is a WordLevel tokenizer"),
    ],
)
def test_a_tokenizer_that_does_not_fit_is_accepted(make, what, tmp_path):
    path = save(make(), tmp_path / "theirs")
    with pytest.raises(InputError, match=rf"{what}(.|\n)*fix: "):
        tokenizer.import_published(path, tmp_path / "ours")
    assert not (tmp_path / "ours").exists()


def test_a_far_id_is_counted_up_to(tmp_path):
    raw = json.loads(published().to_str())
    raw["model"]["vocab"]["zz"] = 4_000_000_000
    (tmp_path / "tokenizer.json").write_text(json.dumps(raw), encoding="utf-8")
    with pytest.raises(InputError, match="ids up to 4000000000 for 260 entries"):
        tokenizer.load(tmp_path)


SOURCES = {
    "sp.model is a SentencePiece model": {"sp.model": b"\n\x0e\n\x05<unk>"},
    "holds no known format: tekken.json": {"tekken.json": b"{}"},
    "holds no known format: merges.txt, vocab.json": {"vocab.json": b"{}", "merges.txt": b"x y\n"},
    "no readable tokenizer": {"tokenizer.json": b"\xff"},
    "is no readable tokenizer": {"tokenizer.json": b"[" * 10_000},
}


@pytest.mark.parametrize("what", SOURCES)
def test_an_unknown_format_is_guessed(what, tmp_path):
    for name, data in SOURCES[what].items():
        (tmp_path / name).write_bytes(data)
    with pytest.raises(InputError, match=rf"{what}(.|\n)*fix: "):
        tokenizer.import_published(tmp_path, tmp_path / "ours")
