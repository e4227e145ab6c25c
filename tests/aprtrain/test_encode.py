"""Shards are the same however they came about, and no text is refused."""

from __future__ import annotations

import itertools
import json
import math
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aprtrain import corpus, encode
from aprtrain.data import SPLITS, open_shards
from aprtrain.errors import InputError
from aprtrain.manifest import repair
from aprtrain.tokenizer import Tokenizer, load


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch):
    monkeypatch.setattr("aprtrain.encode.PIECE_BYTES", 2048)
    monkeypatch.setattr("aprtrain.encode.SHARD_TOKENS", 5000)


@pytest.fixture(scope="module")
def texts(text_folder):
    return corpus.gather(str(text_folder))


@pytest.fixture(scope="module")
def whole(texts, tokenizer_folder, tmp_path_factory):
    """A folder of several shards a split, made in one go; to be copied."""
    folder = tmp_path_factory.mktemp("whole") / "text"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("aprtrain.encode.SHARD_TOKENS", 5000)
        encode.encode(texts, tokenizer_folder, folder, processes=1)
    return folder


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture
def encoded_texts(monkeypatch):
    """How many texts were encoded so far."""
    made = Counter()
    inner = Tokenizer.encode

    def count(self, texts):
        made["texts"] += len(texts)
        return inner(self, texts)

    monkeypatch.setattr(Tokenizer, "encode", count)
    return made


def test_too_few_documents_leave_a_split_empty(tmp_path, tokenizer_folder):
    (tmp_path / "one.txt").write_text("only one", encoding="utf-8")
    with pytest.raises(InputError, match=r"1 documents leave .* empty(.|\n)*fix: give more documents"):
        encode.encode(corpus.gather(str(tmp_path)), tokenizer_folder, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_several_processes_write_other_shards(texts, tokenizer_folder, whole, tmp_path):
    encode.encode(texts, tokenizer_folder, tmp_path / "two", processes=2)
    assert contents(tmp_path / "two") == contents(whole)
    rows = open_shards(whole).manifest["splits"]["train"]["shards"]
    assert len(rows) > 2
    assert [row["tokens"] for row in rows[:-1]] == [5000] * (len(rows) - 1)


@pytest.mark.parametrize("change", ["missing", "altered", "cut", "manifest missing"])
def test_a_damaged_folder_keeps_its_damage(change, texts, tokenizer_folder, whole, tmp_path):
    folder = tmp_path / "text"
    shutil.copytree(whole, folder)
    shard = folder / "train-00001.bin"
    if change == "missing":
        shard.unlink()
    elif change == "altered":
        shard.write_bytes(bytes(reversed(shard.read_bytes())))
    elif change == "cut":
        shard.write_bytes(shard.read_bytes()[:-2])
    else:
        (folder / "manifest.json").unlink()
    encode.encode(texts, tokenizer_folder, folder, processes=1)
    assert contents(folder) == contents(whole)


def test_a_whole_folder_is_made_again(texts, tokenizer_folder, whole, tmp_path, encoded_texts):
    folder = tmp_path / "text"
    shutil.copytree(whole, folder)
    before = {path: path.stat().st_mtime_ns for path in folder.iterdir()}
    assert encode.encode(texts, tokenizer_folder, folder, processes=1) == manifest(whole)
    assert {path: path.stat().st_mtime_ns for path in folder.iterdir()} == before
    assert not encoded_texts


@pytest.mark.parametrize("stopped_at", [1, 7, 15])
def test_what_is_encoded_is_encoded_again(stopped_at, texts, tokenizer_folder, whole, tmp_path, encoded_texts):
    """Stopped when some pieces are written, the same command encodes the others alone."""
    written = []
    inner = encode.write_whole

    def stopping(path, data):
        written.append(path.parent.name == encode.PIECES)
        if sum(written) > stopped_at:
            raise KeyboardInterrupt
        inner(path, data)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(encode, "write_whole", stopping)
        with pytest.raises(KeyboardInterrupt):
            encode.encode(texts, tokenizer_folder, tmp_path / "text", processes=1)
    kept = [np.fromfile(path, "<u2") for path in (tmp_path / "text" / encode.PIECES).iterdir()]
    assert len(kept) == stopped_at
    encoded_texts.clear()
    encode.encode(texts, tokenizer_folder, tmp_path / "text", processes=1)
    eos_id = load(tokenizer_folder).eos_id
    assert encoded_texts["texts"] == len(texts.documents) - sum(np.count_nonzero(ids == eos_id) for ids in kept)
    assert contents(tmp_path / "text") == contents(whole)


def test_shards_of_other_documents_are_kept(texts, tokenizer_folder, whole, tmp_path):
    folder = tmp_path / "text"
    shutil.copytree(whole, folder)
    fewer = corpus.Corpus(name=texts.name, documents=texts.documents[:80])
    encode.encode(fewer, tokenizer_folder, folder, processes=1)
    encode.encode(fewer, tokenizer_folder, tmp_path / "anew", processes=1)
    assert contents(folder) == contents(tmp_path / "anew")


PROGRAM = """
import sys
from aprtrain import cli, encode
encode.PIECE_BYTES, encode.SHARD_TOKENS = 2048, 5000
if __name__ == "__main__":
    sys.argv[0] = "aprtrain"
    cli.main()
"""


def test_a_killed_run_begins_anew_or_leaves_its_workers(text_folder, tokenizer_folder, tmp_path):
    """kill -9 in the middle; the same command then ends in the same bytes, and no worker outlives the first."""
    many = tmp_path / "many"
    shutil.copytree(text_folder, many)
    words = np.random.default_rng(1)
    for number in range(900):
        (many / f"more-{number}.txt").write_text(f"{number} {words.bytes(words.integers(3000)).hex()}\n", "utf-8")
    (tmp_path / "program.py").write_text(PROGRAM, encoding="utf-8")
    command = [sys.executable, str(tmp_path / "program.py"), "encode", str(many), "--processes", "2"]
    command += ["--tokenizer", str(tokenizer_folder), "--out"]
    out = tmp_path / "killed"
    with subprocess.Popen([*command, str(out)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        deadline = time.monotonic() + 60
        while not (out / "train-00001.bin").exists() and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.002)
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=60)
        said = process.stderr.read()  # ends when the last worker has ended, for they hold the pipe too
    assert b"error" not in said
    assert not (out / "manifest.json").exists()
    assert len(list((out / encode.PIECES).iterdir())) > 2
    with pytest.raises(InputError, match=r"manifest\.json"):
        open_shards(out)
    for folder in (out, tmp_path / "whole"):
        subprocess.run([*command, str(folder)], check=True, capture_output=True, timeout=120)
    assert contents(out) == contents(tmp_path / "whole")


def test_the_audit_is_not_of_these_ids(whole, texts):
    shards = open_shards(whole)
    audit, tokenizer = shards.manifest["audit"], load(whole)
    ids = np.concatenate([split.read(0, split.tokens) for split in shards.splits.values()])
    counts = Counter(ids.tolist())
    nats = -math.fsum(n / len(ids) * math.log(n / len(ids)) for n in counts.values())
    assert audit["histogram"] == {str(one): n for one, n in sorted(counts.items())}
    assert audit["tokens"] == len(ids)
    assert audit["distinct_ids"] == len(counts)
    assert audit["entropy_nats"] == pytest.approx(nats, abs=1e-12)
    assert audit["entropy_bits"] == pytest.approx(nats / math.log(2), abs=1e-12)
    assert audit["ln_vocab_nats"] == math.log(270)
    assert audit["ln_usable_nats"] == math.log(269)
    assert audit["unk_rate"] == counts[tokenizer.unk_id] == 0
    assert audit["round_trip"] == {"documents": len(texts.documents), "equal": len(texts.documents)}
    within = len(ids) - len(texts.documents) - len(SPLITS)
    assert audit["bytes_per_token"] == pytest.approx(texts.size / within, rel=0.01)
    assert shards.manifest["accepted_faults"] == []
    assert shards.manifest["corpus"]["skipped"] == {}


def unknown(self, texts):
    return [np.full(len(text), self.unk_id) for text in texts]


def one_letter(self, texts):
    return [np.full(len(text), 7) for text in texts]


@pytest.mark.parametrize(("fault", "what"), [(unknown, "of the tokens are unknown"), (one_letter, "entropy is 0")])
def test_what_is_no_text_is_encoded(fault, what, texts, tokenizer_folder, tmp_path, monkeypatch, encoded_texts):
    """It is refused after the first shard, or accepted and said so; the refusal leaves no manifest."""
    monkeypatch.setattr(Tokenizer, "encode", fault)
    with pytest.raises(InputError, match=what):
        encode.encode(texts, tokenizer_folder, tmp_path, processes=1)
    assert not list(tmp_path.glob("*.bin"))
    assert not (tmp_path / "manifest.json").exists()
    made = encode.encode(texts, tokenizer_folder, tmp_path, processes=1, accept_degenerate=True)
    assert any(what in one for one in made["accepted_faults"])
    assert made["audit"]["round_trip"]["equal"] == 0
    open_shards(tmp_path)


def manifest(folder):
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))


def test_a_lost_manifest_is_not_restored_from_shards_and_sources(whole, texts, tmp_path):
    folder = tmp_path / "text"
    shutil.copytree(whole, folder)
    (folder / "manifest.json").unlink()
    made = repair(folder, texts, accept_degenerate=False)
    assert made["not_restored"] == []
    expected = manifest(whole)
    assert {key: value for key, value in manifest(folder).items() if key != "not_restored"} == expected
    open_shards(folder)


def test_without_sources_the_names_are_invented(whole, tmp_path):
    folder = tmp_path / "text"
    shutil.copytree(whole, folder)
    (folder / "manifest.json").write_text("{broken", encoding="utf-8")
    made, expected = repair(folder, None, accept_degenerate=False), manifest(whole)
    assert [one[:20] for one in made["not_restored"]] == ["the names of 120 of ", "the name of the corp"]
    assert made["corpus"] == expected["corpus"] | {"name": "text"}
    for name in SPLITS:
        ids = [{**row, "name": ""} for row in expected["splits"][name]["documents"]]
        assert made["splits"][name]["documents"] == ids
    open_shards(folder)


def test_a_damaged_shard_is_in_the_repaired_manifest(whole, texts, tmp_path):
    folder = tmp_path / "text"
    shutil.copytree(whole, folder)
    before = (folder / "train-00001.bin").read_bytes()
    (folder / "train-00001.bin").write_bytes(bytes(len(before)))
    with pytest.raises(InputError, match=r"train-00001\.bin: is altered"):
        repair(folder, texts, accept_degenerate=False)
    (folder / "train-00001.bin").write_bytes(b"x" * 9_997)
    with pytest.raises(InputError, match=r"train-00001\.bin: has 9997 bytes"):
        repair(folder, texts, accept_degenerate=False)


def test_documents_that_the_shards_lack_go_unmentioned(whole, texts, tmp_path):
    folder = tmp_path / "text"
    shutil.copytree(whole, folder)
    last = max(folder.glob("train-*.bin"))
    last.unlink()
    made = repair(folder, texts, accept_degenerate=False)
    assert "documents of" in made["not_restored"][0]
    kept = made["splits"]["train"]["documents"]
    assert kept == manifest(whole)["splits"]["train"]["documents"][: len(kept)]
    open_shards(folder)


@pytest.mark.parametrize("lost", ["tokenizer.json", "val-a-00000.bin", "train-00000.bin"])
def test_what_cannot_be_repaired_is_repaired(lost, whole, tmp_path):
    folder = tmp_path / "text"
    shutil.copytree(whole, folder)
    for name in (lost, "manifest.json"):
        (folder / name).unlink()
    with pytest.raises(InputError, match=lost):
        repair(folder, None, accept_degenerate=False)


@given(sizes=st.lists(st.integers(0, 30), max_size=20), cut=st.integers(1, 40))
def test_cutting_loses_or_repeats_an_id(sizes, cut):
    ids = np.arange(sum(sizes))
    chunks = np.split(ids, list(itertools.accumulate(sizes))[:-1]) if sizes else []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("aprtrain.encode.SHARD_TOKENS", cut)
        found = list(encode._cut(chunks))
    assert all(len(one) == cut for one in found[:-1])
    assert [one for piece in found for one in piece.tolist()] == ids.tolist()
