"""Odd files are skipped and counted, or refused with a remedy."""

from __future__ import annotations

import json
import os
import tracemalloc

import pytest

from aprtrain import corpus
from aprtrain.encode import split_of
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


def test_a_missing_folder_or_a_pipe_is_accepted(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for name in ("nowhere", "pipe"):
        with pytest.raises(InputError, match="is no folder and no file"):
            corpus.gather(str(tmp_path / name))


def test_a_file_of_lines_is_read_otherwise_than_its_folder(tmp_path):
    rows = tmp_path / "rows.jsonl"
    rows.write_text("".join(json.dumps({"text": f"line {n} ünï\n"}) + "\n" * (1 + n % 2) for n in range(9)), "utf-8")
    (alone, below) = (corpus.gather(str(path)) for path in (rows, tmp_path))
    assert alone.documents == below.documents
    assert {one.name: one.text for one in alone.documents}["rows.jsonl:4"] == "line 2 ünï\n"


def test_a_line_is_held_whatever_its_length(tmp_path):
    """A line of 40 MB, and nothing near 40 MB is ever allocated for documents of at most 1 kB."""
    with (tmp_path / "rows.jsonl").open("w", encoding="utf-8") as file:
        file.write(json.dumps({"text": "short"}) + "\n" + '{"text": "')
        file.writelines("x" * 1_000_000 for _ in range(40))
        file.write('"}\n' + json.dumps({"text": "last"}) + "\n")
    tracemalloc.start()
    found = corpus.gather(str(tmp_path), max_document_bytes=1000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert sorted(one.text for one in found.documents) == ["last", "short"]
    assert peak < 4_000_000


def test_a_text_that_changed_is_taken_for_the_old_one(tmp_path):
    (tmp_path / "one.txt").write_text("before", encoding="utf-8")
    (document,) = corpus.gather(str(tmp_path)).documents
    (tmp_path / "one.txt").write_text("behind", encoding="utf-8")
    with pytest.raises(InputError, match="has changed"):
        _ = document.text


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
