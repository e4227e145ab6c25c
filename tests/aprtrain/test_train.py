"""A run repeats, resumes and stops as it should."""

from __future__ import annotations

import hashlib
import os

import jax
import numpy as np
import pytest

from aprtrain import train as loop
from aprtrain.checkpoint import Checkpoints, read
from aprtrain.config import TrainConfig
from aprtrain.errors import InputError
from aprtrain.model import initial_params
from aprtrain.pretrain import pretrain
from aprtrain.step import initial_state
from aprtrain.system import open_system
from tests.aprtrain.records import finals, load, losses, rows, timeless


def test_the_records_of_a_run_disagree(finished_run, shards_folder):
    metrics, reported = rows(finished_run / "metrics.jsonl"), rows(finished_run / "reported.jsonl")
    assert [row["step"] for row in metrics] == list(range(12))
    assert [row["tokens"] for row in metrics] == [64 * (step + 1) for step in range(12)]
    lines = (finished_run / "metrics.jsonl").read_bytes().split(b"\n")[:-1]
    links = [hashlib.sha256(line).hexdigest() for line in lines]
    assert [row["prev"] for row in metrics] == ["0" * 64, *links[:-1]]
    assert [(row["step"], row["split"]) for row in reported] == [
        (5, "val-a"),
        (10, "val-a"),
        (12, "val-a"),
        (12, "val-b"),
    ]
    epochs = [load(path) for path in sorted((finished_run / "epochs").iterdir())]
    assert [(one["epoch"], one["step"], one["tokens_seen"]) for one in epochs] == [
        (0, 5, 320),
        (1, 10, 640),
        (2, 12, 768),
    ]
    assert [one["train_loss"] for one in epochs] == pytest.approx(
        [np.mean(losses(finished_run)[part]) for part in (slice(0, 5), slice(5, 10), slice(10, 12))]
    )
    assert [one["val_loss"] for one in epochs] == [row["loss"] for row in reported[:3]]
    summary = load(finished_run / "summary.json")
    assert (summary["planned_steps"], summary["executed_steps"], summary["exit_reason"]) == (12, 12, "completed")
    assert summary["segments"] == [{"from_step": 0, "to_step": 12, "pid": os.getpid()}]
    assert "aprtrain.step" in summary["modules"]
    assert sorted(path.name for path in (finished_run / "checkpoint").iterdir()) == [
        "12",
        "8",
        "config.json",
        "tokenizer.json",
    ]
    assert load(finished_run / "checkpoint" / "config.json") == summary["config"]
    system = open_system(finished_run / "checkpoint", device="cpu", shards=shards_folder)
    for row in reported[2:]:
        sums = system.evaluate([ids for _, ids in system.scored_documents(row["split"])])
        assert sum(nats for nats, _ in sums) / sum(n for _, n in sums) == pytest.approx(row["loss"], rel=1e-6)
        assert sum(n for _, n in sums) == row["tokens"]


def test_the_first_loss_is_not_a_uniform_guess(finished_run, small_recipe):
    assert losses(finished_run)[0] == pytest.approx(np.log(small_recipe.model.vocab_size), abs=0.05)
    assert losses(finished_run)[-1] < losses(finished_run)[0]


def test_a_seed_does_not_decide_the_losses(finished_run, request_for, tmp_path):
    assert pretrain(request_for(tmp_path / "again"), lambda _: None, say_every=5) == "completed"
    assert timeless(tmp_path / "again") == timeless(finished_run)
    assert pretrain(request_for(tmp_path / "other", seed=1), lambda _: None, say_every=5) == "completed"
    assert not set(losses(tmp_path / "other")) & set(losses(finished_run))


def test_a_finished_run_is_trained_again(finished_run, request_for):
    before = {path: path.stat().st_mtime_ns for path in finished_run.rglob("*")}
    said: list[str] = []
    assert pretrain(request_for(finished_run), said.append, say_every=5) == "completed"
    assert "already finished (completed)" in said[-1]
    assert before == {path: path.stat().st_mtime_ns for path in finished_run.rglob("*")}


def test_a_run_of_another_configuration_is_continued(finished_run, request_for):
    with pytest.raises(InputError, match=r"seed: 0 -> 3; train.batch_size: 4 -> 5"):
        pretrain(request_for(finished_run, seed=3, batch_size=5), lambda _: None, say_every=5)


def test_the_target_does_not_stop_the_run(request_for, tmp_path):
    asked = request_for(tmp_path / "early", target_val_loss=100.0)
    assert pretrain(asked, lambda _: None, say_every=5) == "early_stop"
    summary = load(tmp_path / "early" / "summary.json")
    assert (summary["planned_steps"], summary["executed_steps"]) == (12, 5)
    assert read(tmp_path / "early")[1] == 5


def test_nan_goes_on(request_for, tmp_path, monkeypatch):
    fresh = loop.starting_params

    def poisoned(*args):
        params, ledger = fresh(*args)
        return dict(params) | {"norm": params["norm"] * np.nan}, ledger

    monkeypatch.setattr(loop, "starting_params", poisoned)
    assert pretrain(request_for(tmp_path / "sick"), lambda _: None, say_every=5) == "diverged"
    assert losses(tmp_path / "sick") == ["NaN"]
    summary = load(tmp_path / "sick" / "summary.json")
    assert (summary["exit_reason"], summary["executed_steps"]) == ("diverged", 1)
    assert finals(tmp_path / "sick") == {}


def test_a_checkpoint_comes_back_changed(small_recipe, tmp_path):
    state = jax.device_put(initial_state(initial_params(small_recipe.model, 5), TrainConfig()))
    checkpoints = Checkpoints(tmp_path)
    try:
        for step in (1, 2, 3):
            checkpoints.save(step, state)
        found = checkpoints.restore(3, state)
        assert checkpoints.latest() == 3
    finally:
        checkpoints.close()
    assert jax.tree.structure(found) == jax.tree.structure(state)
    jax.tree.map(np.testing.assert_array_equal, found, state)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["2", "3"]
