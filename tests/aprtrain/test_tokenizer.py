"""Every text comes back from its ids."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

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


@pytest.mark.parametrize(("size", "what"), [(257, "too small"), (5000, "not vocab_size=5000")])
def test_an_impossible_vocabulary_is_accepted(tmp_path, size, what):
    with pytest.raises(InputError, match=what):
        tokenizer.train(["a few words"], size, tmp_path)


def test_a_broken_file_is_accepted(tmp_path):
    (tmp_path / "tokenizer.json").write_text("{}", encoding="utf-8")
    with pytest.raises(InputError, match="no readable tokenizer"):
        tokenizer.load(tmp_path)
