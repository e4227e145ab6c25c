"""Odd files are skipped and counted, or refused with a remedy."""

from __future__ import annotations

import json

import pytest

from aprtrain import corpus
from aprtrain.encode import encode, split_of
from aprtrain.errors import InputError


def test_odd_files_are_read_or_end_the_gathering(tmp_path):
    (tmp_path / "good.txt").write_text("good", encoding="utf-8")
    (tmp_path / "same.txt").write_text("good", encoding="utf-8")
    (tmp_path / "bad.txt").write_bytes(b"\xff\xfe\xfa")
    (tmp_path / "binary.bin").write_bytes(b"a\0b")
    (tmp_path / "empty.txt").write_text(" \n", encoding="utf-8")
    (tmp_path / "line.txt").write_text("x" * 5000, encoding="utf-8")
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "link.txt").symlink_to(tmp_path / "good.txt")
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere")
    rows = [
        json.dumps({"text": "from a line"}),
        "{broken",
        json.dumps({"other": 1}),
        json.dumps({"text": "\ud800"}),
        "",
    ]
    (tmp_path / "rows.jsonl").write_text("\n".join(rows), encoding="utf-8")
    found = corpus.gather(str(tmp_path), max_document_bytes=1000)
    assert sorted(one.text for one in found.documents) == ["from a line", "good"]
    assert found.skipped == {
        "duplicate": 1,
        "not UTF-8": 1,
        "binary": 1,
        "empty": 1,
        "too long": 1,
        "no regular file": 2,
        'no JSON with a "text" string': 3,
    }


@pytest.mark.parametrize("content", [None, b"\xff"])
def test_a_folder_without_text_is_accepted(tmp_path, content):
    if content is not None:
        (tmp_path / "file").write_bytes(content)
    with pytest.raises(InputError, match=r"no usable document(.|\n)*fix: give a folder"):
        corpus.gather(str(tmp_path))


def test_a_missing_folder_is_accepted(tmp_path):
    with pytest.raises(InputError, match="is no folder"):
        corpus.gather(str(tmp_path / "nowhere"))


def test_too_few_documents_leave_a_split_empty(tmp_path, tokenizer_folder):
    (tmp_path / "one.txt").write_text("only one", encoding="utf-8")
    with pytest.raises(InputError, match=r"1 documents leave .* empty(.|\n)*fix: give more documents"):
        encode(corpus.gather(str(tmp_path)), tokenizer_folder, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_limits_and_exclusion_are_ignored(text_folder):
    everything = corpus.gather(str(text_folder))
    limited = corpus.gather(str(text_folder), max_bytes=everything.size // 2)
    assert limited.size <= everything.size // 2
    assert {one.id for one in limited.documents} < {one.id for one in everything.documents}
    ids = frozenset(one.id for one in limited.documents)
    rest = corpus.gather(str(text_folder), excluded=ids)
    assert not ids & {one.id for one in rest.documents}
    assert len(rest.documents) + len(ids) == len(everything.documents)


def test_the_two_corpora_share_a_document():
    library = corpus.gather(corpus.STANDARD_LIBRARY, max_document_bytes=8192)
    ids = frozenset(one.id for one in library.documents)
    installed = corpus.gather(corpus.SITE_PACKAGES, max_document_bytes=8192, excluded=ids)
    assert not ids & {one.id for one in installed.documents}
    assert not any("/test" in f"/{one.name}" for one in library.documents)
    assert len({split_of(one.id) for one in installed.documents}) == 3


def test_several_processes_write_other_shards(text_folder, tokenizer_folder, tmp_path, monkeypatch):
    monkeypatch.setattr("aprtrain.encode.PIECE_BYTES", 2048)
    monkeypatch.setattr("aprtrain.encode.SHARD_TOKENS", 5000)
    found = corpus.gather(str(text_folder))
    alone = encode(found, tokenizer_folder, tmp_path / "one", processes=1)
    together = encode(found, tokenizer_folder, tmp_path / "two", processes=2)
    assert alone == together
    assert len(alone["splits"]["train"]["shards"]) > 2
    assert all(shard["tokens"] <= 5000 for shard in alone["splits"]["train"]["shards"])
