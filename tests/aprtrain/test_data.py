"""Order, shift, documents, and shards that are not what their manifest says."""

from __future__ import annotations

import json
import shutil
from collections import Counter

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from aprtrain import data
from aprtrain.errors import InputError
from aprtrain.tokenizer import load


def stream(tokens: int, pieces: int = 1) -> data.Split:
    shards = tuple(np.array_split(np.arange(tokens, dtype="<u4"), pieces))
    return data.Split(shards=shards, tokens=tokens, documents=())


batches = st.builds(
    lambda tokens, batch, length, seed: data.Batches(
        split=stream(tokens), batch_size=batch, seq_length=length, seed=seed
    ),
    tokens=st.integers(10, 400),
    batch=st.integers(1, 7),
    length=st.integers(1, 9),
    seed=st.integers(0, (1 << 31) - 1),
)


@settings(max_examples=60)
@given(one=batches, passes=st.integers(1, 3))
def test_a_pass_skips_or_repeats_a_window(one, passes):
    steps = -(-passes * one.windows // one.batch_size)
    seen = [index for step in range(steps) for index in one.indices(step)][: passes * one.windows]
    for number in range(passes):
        assert sorted(seen[number * one.windows : (number + 1) * one.windows]) == list(range(one.windows))


@settings(max_examples=40)
@given(one=batches, step=st.integers(0, 50))
def test_a_batch_depends_on_the_batches_before_it(one, step):
    again = data.Batches(split=one.split, batch_size=one.batch_size, seq_length=one.seq_length, seed=one.seed)
    np.testing.assert_array_equal(one.window(step), again.window(step))
    assert one.window(step).shape == (one.batch_size, one.seq_length + 1)
    assert (np.diff(one.window(step), axis=1) == 1).all()


@given(
    sizes=st.lists(st.integers(1, 9), min_size=1, max_size=30),
    batch=st.integers(1, 4),
    length=st.integers(1, 12),
    step=st.integers(0, 30),
)
def test_a_segment_crosses_or_ends_within_a_document(sizes, batch, length, step):
    """The law in full: the segments of a window differ exactly where the documents of its ids differ."""
    offsets = np.cumsum([0, *sizes[:-1]])
    owners = np.append(np.repeat(np.arange(len(sizes)), sizes), len(sizes) - 1)
    rows = tuple({"offset": int(offset), "tokens": size} for offset, size in zip(offsets, sizes, strict=True))
    split = data.Split(shards=(np.arange(len(owners), dtype="<u2"),), tokens=len(owners), documents=rows)
    assume(split.tokens > length)
    one = data.Batches(split=split, batch_size=batch, seq_length=length, seed=3)
    found = one.segments(step)
    owned = owners[one.window(step)]
    assert found.dtype == np.int32
    assert found.shape == (batch, length + 1)
    np.testing.assert_array_equal(found, owned - owned[:, :1])


def test_a_segment_does_not_begin_at_the_end_of_text(shards_folder):
    train = data.open_shards(shards_folder).splits["train"]
    one = data.Batches(split=train, batch_size=4, seq_length=300, seed=0)
    window, found = one.window(0), one.segments(0)
    begins = np.diff(found, axis=1) == 1
    assert begins.any()
    np.testing.assert_array_equal(begins, window[:, 1:] == load(shards_folder).eos_id)


def test_seed_or_pass_does_not_change_the_order():
    orders = [
        data.Batches(split=stream(1000), batch_size=2, seq_length=3, seed=seed).order(epoch)
        for seed in (0, 1)
        for epoch in (0, 1)
    ]
    assert len({order.tobytes() for order in orders}) == 4


@given(st.lists(st.integers(0, 9), min_size=2, max_size=30))
def test_targets_are_not_the_next_inputs(tokens):
    inputs, targets = data.inputs_and_targets(np.array(tokens))
    assert list(inputs) == tokens[:-1]
    assert list(targets) == tokens[1:]


@given(
    tokens=st.lists(st.integers(0, 9), min_size=2, max_size=60),
    context=st.integers(1, 12),
    limit=st.integers(1, 70),
)
def test_windows_lose_or_repeat_a_target(tokens, context, limit):
    inputs, targets, weights = data.padded_windows(np.array(tokens), context, limit)
    kept = weights.ravel() == 1
    assert list(targets.ravel()[kept]) == tokens[1 : limit + 1]
    assert list(inputs.ravel()[kept]) == tokens[:-1][:limit]
    assert (weights.ravel()[len(tokens[1 : limit + 1]) :] == 0).all()
    assert inputs.shape[1] == context


@given(start=st.integers(0, 90), length=st.integers(1, 30), pieces=st.integers(1, 9))
def test_a_read_across_shards_is_wrong(start, length, pieces):
    found = stream(120, pieces).read(start, start + length)
    assert list(found) == list(range(start, start + length))


def test_documents_do_not_come_back_from_the_shards(shards_folder, text_folder):
    shards = data.open_shards(shards_folder)
    tokenizer = load(shards_folder)
    names = Counter()
    for split in shards.splits.values():
        total = 1
        for row, ids in split.first(10**6):
            assert ids[0] == ids[-1] == tokenizer.eos_id
            assert tokenizer.decode(ids[1:-1]) == (text_folder / row["name"]).read_text(encoding="utf-8")
            assert len(ids) == row["tokens"] + 1
            names[row["name"]] += 1
            total += row["tokens"]
        assert total == split.tokens
    assert sorted(names) == sorted(path.name for path in text_folder.iterdir())
    assert set(names.values()) == {1}


def _alter(folder, change):
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    change(manifest)
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def _flip(path):
    raw = bytearray(path.read_bytes())
    raw[0] ^= 1
    path.write_bytes(bytes(raw))


FAULTS = {
    "manifest.json": lambda folder: (folder / "manifest.json").unlink(),
    "cannot be read as JSON": lambda folder: (folder / "manifest.json").write_text("{", encoding="utf-8"),
    "cannot be read as JSON (maximum": lambda folder: (folder / "manifest.json").write_text("[" * 10**5, "utf-8"),
    "OverflowError": lambda folder: _alter(folder, lambda m: m.update(vocab_size=float("inf"))),
    "not a JSON object": lambda folder: (folder / "manifest.json").write_text("[1]", encoding="utf-8"),
    "format='other'": lambda folder: _alter(folder, lambda m: m.update(format="other")),
    "lacks a field": lambda folder: _alter(folder, lambda m: m["splits"].pop("val-a")),
    "KeyError('id')": lambda folder: _alter(folder, lambda m: m["splits"]["val-a"]["documents"][0].pop("id")),
    "of the wrong kind": lambda folder: _alter(folder, lambda m: m.update(dtype="float8")),
    "lies outside": lambda folder: _alter(folder, lambda m: m["splits"]["train"]["documents"][0].update(tokens=10**9)),
    "train-00000.bin: is missing": lambda folder: (folder / "train-00000.bin").unlink(),
    "bytes, its manifest says": lambda folder: (folder / "train-00000.bin").write_bytes(b"xx"),
    "is altered": lambda folder: _flip(folder / "val-b-00000.bin"),
    "beyond vocab_size=3": lambda folder: _alter(folder, lambda m: m.update(vocab_size=3)),
    "not the tokenizer": lambda folder: _flip(folder / "tokenizer.json"),
}


@pytest.mark.parametrize("what", FAULTS)
def test_corrupt_shards_are_opened(what, shards_folder, tmp_path):
    folder = tmp_path / "shards"
    shutil.copytree(shards_folder, folder)
    FAULTS[what](folder)
    with pytest.raises(InputError, match=r"(?s)fix: ") as caught:
        data.open_shards(folder)
    assert what in str(caught.value)
    assert str(caught.value).count("fix: ") == 1


def test_too_little_text_for_one_window_is_accepted():
    with pytest.raises(InputError, match="too few for one window"):
        data.Batches(split=stream(5), batch_size=1, seq_length=5, seed=0)
