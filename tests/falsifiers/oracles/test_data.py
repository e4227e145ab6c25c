"""Tables, shards, checkpoints and overlap."""

import json
import math

import numpy as np
import pytest
from fake_trainer import SHAPE, clean_splits, draw, texts, write_checkpoint, write_shards

from falsifiers.oracles.checkpoint import CheckpointError, digest, facts, read_arrays
from falsifiers.oracles.overlap import overlap
from falsifiers.oracles.shards import ShardError, altered, occurs, read_shards
from falsifiers.oracles.tables import fit_bigram, unigram_nats


def test_the_unigram_table_costs_the_entropy():
    rng = np.random.default_rng(0)
    targets = [rng.integers(0, 9, n) ** 2 for n in (5, 100, 33)]
    counts = np.unique(np.concatenate(targets), return_counts=True)[1]
    p = counts / counts.sum()
    sums = unigram_nats(targets)
    assert sum(sums) == pytest.approx(138 * -(p * np.log(p)).sum(), rel=1e-12)
    alone = -sum(math.log((np.concatenate(targets) == t).mean()) for t in targets[0])
    assert sums[0] == pytest.approx(alone, rel=1e-12)


def test_no_context_free_guess_is_below_the_unigram_table():
    """B1: the cross-entropy of any distribution is at least the entropy."""
    rng = np.random.default_rng(1)
    targets = rng.integers(0, 6, 500) // 2
    entropy = unigram_nats([targets])[0]
    for guess in rng.dirichlet(np.ones(6), 200):
        assert -np.log(guess[targets]).sum() >= entropy


def test_the_story_s_tokens_have_the_story_s_entropy():
    targets = np.zeros(32_832, int)
    targets[:2] = [7, 9]
    assert unigram_nats([targets])[0] / 32_832 == pytest.approx(0.000694, abs=5e-6)


def test_a_bigram_table_is_a_distribution_and_knows_pairs():
    rng = np.random.default_rng(0)
    stream = np.zeros(4000, np.uint16)
    for i in range(1, 4000):
        stream[i] = (stream[i - 1] * 2 + rng.integers(0, 2)) % 7
    table = fit_bigram(stream, 9)
    for previous in range(9):
        nats = table.nats(np.full(9, previous), np.arange(9))
        assert np.exp(-nats).sum() == pytest.approx(1, rel=1e-9)
    fresh = stream[-500:]
    assert table.nats(fresh[:-1], fresh[1:]).mean() == pytest.approx(math.log(2), abs=0.05)


@pytest.fixture
def shards(tmp_path):
    write_shards(tmp_path, clean_splits())
    return tmp_path


def test_documents_come_back_from_shards(shards):
    found = read_shards(shards)
    split = found.splits["val-b"]
    first = split.documents[0]
    sequence = split.sequence(first)
    assert sequence[0] == sequence[-1] == 1
    assert len(sequence) == first.tokens + 1
    assert split.sequence(first, 5).tolist() == sequence[:6].tolist()
    assert altered(found) == []


def damage_manifest(folder, change):
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text())
    change(manifest)
    path.write_text(json.dumps(manifest))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda m: m.update(format="other/2"), "format 'other/2'"),
        (lambda m: m.pop("splits"), "KeyError: 'splits'"),
        (lambda m: m["splits"]["val-a"]["shards"][0].update(tokens=3), "expected 3 x 2"),
        (lambda m: m["splits"]["val-a"]["shards"][0].update(file="none.bin"), "No such file"),
        (lambda m: m["splits"]["val-a"].update(tokens=1), "1 declared"),
        (
            lambda m: m["splits"]["val-b"]["documents"][3].update(tokens=10**6),
            "documents outside: \\['val-b/3'\\]",
        ),
        (lambda m: m.update(vocab_size=5), "in a vocabulary of 5"),
    ],
)
def test_a_contradicting_manifest_is_refused(shards, change, message):
    damage_manifest(shards, change)
    with pytest.raises(ShardError, match=message):
        read_shards(shards)


def test_an_altered_shard_is_named(shards):
    data = bytearray((shards / "train.bin").read_bytes())
    data[10] ^= 1
    (shards / "train.bin").write_bytes(data)
    assert altered(read_shards(shards)) == ["train.bin"]


def test_a_piece_is_found_in_a_stream():
    stream = np.random.default_rng(0).integers(0, 50, 5000).astype(np.uint16)
    assert occurs(stream, stream[4990:5000].astype(np.int32))
    assert occurs(stream, stream[:20])
    assert not occurs(stream, stream[100:120][::-1])
    assert not occurs(stream, np.array([3, 70_000]))
    assert not occurs(stream, np.array([-1, 3]))
    assert occurs(np.zeros(9000, np.uint16), np.zeros(129, int))


def overlap_of(folder, splits):
    write_shards(folder, splits)
    found = read_shards(folder)
    val = found.splits["val-b"]
    return overlap(found.splits["train"], val, val.documents, most=60, seed=0)


def test_a_clean_split_is_spared(tmp_path):
    found = overlap_of(tmp_path, clean_splits())
    assert (found.scored, found.shared_documents) == (0.0, 0)
    assert found.calibration == 0.0


def test_boilerplate_shows_in_the_calibration_as_well(tmp_path):
    licence = "permission is hereby granted free of charge "
    splits = {name: [licence + t for t in documents] for name, documents in clean_splits().items()}
    found = overlap_of(tmp_path, splits)
    assert found.scored > 0.2
    assert found.scored == pytest.approx(found.calibration, abs=0.05)


def test_planted_copies_are_found(tmp_path):
    splits = clean_splits()
    splits["train"] += splits["val-b"][:10]
    splits["train"] += [text + " and more" for text in splits["val-b"][10:20]]
    found = overlap_of(tmp_path, splits)
    assert found.scored == pytest.approx(20 / 25, abs=0.05)
    assert found.shared_documents == 10
    assert found.calibration == 0.0


def test_a_copy_under_another_name_is_shared(tmp_path):
    splits = clean_splits()
    splits["train"].append(splits["val-b"][0])
    write_shards(tmp_path, splits)
    damage_manifest(tmp_path, lambda m: m["splits"]["train"]["documents"][-1].update(id="0" * 64))
    found = read_shards(tmp_path)
    val = found.splits["val-b"]
    assert overlap(found.splits["train"], val, val.documents, most=60, seed=0).shared_documents == 1


def test_overlap_survives_documents_shorter_than_a_window(tmp_path):
    found = overlap_of(tmp_path, {"train": texts(9, 1, 1), "val-a": ["x"], "val-b": ["y", "z"]})
    assert (found.scored, found.calibration) == (0.0, 0.0)


def test_the_latest_step_is_read(tmp_path):
    old, new = draw(SHAPE, 0), draw(SHAPE, 1)
    write_checkpoint(tmp_path, new, step=100)
    write_checkpoint(tmp_path, old, step=20)
    found = read_arrays(tmp_path)
    assert sorted(found) == sorted(new)
    assert facts(found) == facts(new)


def test_a_checkpoint_without_a_step_is_refused(tmp_path):
    with pytest.raises(CheckpointError, match="no saved step"):
        read_arrays(tmp_path)
    with pytest.raises(CheckpointError, match="no saved step"):
        read_arrays(tmp_path / "absent")


def test_digests_do_not_depend_on_byte_order_or_layout():
    array = np.arange(6, dtype=np.float32).reshape(2, 3)
    assert digest(array) == digest(array.astype(">f4")) == digest(np.asfortranarray(array))
    assert digest(array) != digest(array.T)
