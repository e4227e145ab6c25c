"""A run repeats, resumes and stops as it should."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import jax
import numpy as np
import pytest

from aprtrain import train as loop
from aprtrain.checkpoint import Checkpoints, read
from aprtrain.config import Request, TrainConfig
from aprtrain.device import DETERMINISTIC
from aprtrain.errors import InputError
from aprtrain.files import locked
from aprtrain.model import initial_params
from aprtrain.pretrain import pretrain
from aprtrain.step import initial_state
from aprtrain.system import open_system
from aprtrain.tokenizer import Tokenizer
from aprtrain.tokenizer import load as load_tokenizer

SLOWED = """
import time
from aprtrain import data
window = data.Batches.window
data.Batches.window = lambda self, step: (time.sleep({pause}), window(self, step))[1]
"""
KILLED = """
import json, os, random, signal, sys, time
from pathlib import Path
from aprtrain import checkpoint, init, pretrain as asked, train
request, moments, seed = json.loads(sys.argv[1])
request |= {name: Path(request[name]) for name in ("dataset", "run_dir")}
metrics, chance = request["run_dir"] / "metrics.jsonl", random.Random(seed)
for moment in moments:
    child = os.fork()
    if not child:
        asked.pretrain(asked.Request(**request), lambda _: None, say_every=1)
        os._exit(0)
    while not (metrics.exists() and metrics.read_bytes().count(b"\\n") >= moment):
        if os.waitpid(child, os.WNOHANG) != (0, 0):
            sys.exit(f"the child for step {moment} ended by itself")
        time.sleep(0.002)
    time.sleep(chance.uniform(0, 0.03))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    with metrics.open("ab") as file:
        file.write(b'{"step": 99, "lo')
"""


def rows(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def losses(folder: Path) -> list[float]:
    return [row["loss"] for row in rows(folder / "metrics.jsonl")]


def load(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


def finals(folder: Path) -> dict:
    return load(folder / "ledger.json")["final"]


def timeless(folder: Path) -> list:
    measured = ("wall_ms", "tokens_per_s", "prev")
    metrics = [{k: v for k, v in row.items() if k not in measured} for row in rows(folder / "metrics.jsonl")]
    epochs = [load(path) | {"wall_seconds": 0} for path in sorted((folder / "epochs").iterdir())]
    return [metrics, epochs, rows(folder / "reported.jsonl"), finals(folder)]


def test_the_records_of_a_run_disagree(finished_run, shards_folder, text_folder):
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
    spelt = {hashlib.sha256(path.read_bytes()).hexdigest(): path.read_bytes() for path in text_folder.iterdir()}
    tokenizer = load_tokenizer(shards_folder)
    for row, (_, ids) in zip(reported[2]["per_document"], system.scored_documents("val-a"), strict=True):
        text = tokenizer.decode(ids[1:41].tolist()).encode()
        assert spelt[row["id"]].startswith(text)
        assert row["bits_per_byte"] * len(text) * np.log(2) == pytest.approx(row["loss"] * row["tokens"])
    for row in reported[2:]:
        assert row["documents"] == len(row["per_document"])
        assert sum(one["loss"] * one["tokens"] for one in row["per_document"]) == pytest.approx(
            row["loss"] * row["tokens"]
        )
        sums = system.evaluate([ids for _, ids in system.scored_documents(row["split"])])
        assert sum(nats for nats, _ in sums) / sum(n for _, n in sums) == pytest.approx(row["loss"], rel=1e-6)
        assert sum(n for _, n in sums) == row["tokens"]


def test_the_first_loss_is_not_a_uniform_guess(finished_run, small_recipe):
    assert losses(finished_run)[0] == pytest.approx(np.log(small_recipe.model.vocab_size), abs=0.05)
    assert losses(finished_run)[-1] < losses(finished_run)[0]


def test_a_seed_does_not_decide_the_losses(finished_run, request_for, tmp_path, monkeypatch):
    """Nor does the deterministic mode change a bit on a CPU, where every run is; and what is scored is decoded once."""
    monkeypatch.setenv("XLA_FLAGS", "")
    again = dataclasses.replace(request_for(tmp_path / "again"), deterministic=True)
    assert pretrain(again, lambda _: None, say_every=5) == "completed"
    summary = load(tmp_path / "again" / "summary.json")
    assert (summary["config"]["deterministic"], summary["device"]["xla_flags"]) == (True, DETERMINISTIC)
    assert timeless(tmp_path / "again") == timeless(finished_run)
    decoded, inner = [], Tokenizer.decode
    monkeypatch.setattr(Tokenizer, "decode", lambda self, ids: decoded.append(len(ids)) or inner(self, ids))
    assert pretrain(request_for(tmp_path / "other", seed=1), lambda _: None, say_every=5) == "completed"
    assert len(decoded) == sum(row["documents"] for row in rows(tmp_path / "other" / "reported.jsonl")[-2:])
    assert not set(losses(tmp_path / "other")) & set(losses(finished_run))


def test_an_option_of_the_step_changes_nothing_or_too_much(finished_run, request_for, tmp_path):
    """Micro-batches leave the losses as they are; document masks make them others."""
    large = {"batch_size": 32, "seq_length": 64, "num_steps": 1}
    for name, settings in (
        ("parts", {"accumulate": 2}),
        ("masked", large | {"document_masks": True}),
        ("unmasked", large),
    ):
        assert pretrain(request_for(tmp_path / name, **settings), lambda _: None, say_every=5) == "completed"
    assert losses(tmp_path / "parts") == pytest.approx(losses(finished_run), rel=1e-5)
    assert losses(tmp_path / "masked") != losses(tmp_path / "unmasked")


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


def test_the_best_checkpoint_is_lost(finished_run, tmp_path):
    """The last two and the best stay, also for a second process; each is read by its own folder, and none unsealed."""
    state = {"params": {"a": np.arange(3.0)}, "step": np.int32(0)}
    for losses_of in ((5.0, 2.0, None), (4.0, 3.0, None)):
        checkpoints = Checkpoints(tmp_path, keep=2)
        try:
            for val_loss in losses_of:
                state["step"] = np.int32(state["step"] + 1)
                state["params"]["a"] = state["params"]["a"] + 1
                checkpoints.save(int(state["step"]), state, val_loss)
        finally:
            checkpoints.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["2", "5", "6"]
    (tmp_path / "config.json").write_text("{}", encoding="utf-8")
    assert [read(tmp_path / name)[2]["a"][0] for name in ("2", "5", ".")] == [2.0, 5.0, 6.0]
    (tmp_path / "6" / "digests.json").unlink()
    with pytest.raises(InputError, match=r"digests\.json"):
        read(tmp_path)


def test_a_run_killed_20_times_ends_elsewhere(request_for, environment, tmp_path):
    """Killed between 20 % and 80 % of its steps, in the middle of whatever it does then; every process is real."""
    settings = {"num_steps": 60, "steps_per_epoch": 20, "checkpoint_every": 3}
    whole, killed = (request_for(tmp_path / name, **settings) for name in ("whole", "killed"))
    assert pretrain(whole, lambda _: None, say_every=60) == "completed"
    seed = random.randrange(1 << 30)
    moments = sorted(random.Random(seed).choices(range(12, 48), k=20))
    request = dataclasses.asdict(killed) | {"dataset": str(killed.dataset), "run_dir": str(killed.run_dir)}
    program = SLOWED.format(pause=0.01) + KILLED
    argv = [sys.executable, "-W", "ignore", "-c", program, json.dumps([request, moments, seed])]
    subprocess.run(argv, check=True, timeout=300, env=environment)
    assert not (killed.run_dir / "summary.json").exists()
    (killed.run_dir / "epochs" / ".epoch-009.json.1.part").write_text("{", encoding="utf-8")
    assert pretrain(killed, lambda _: None, say_every=60) == "completed"
    assert timeless(killed.run_dir) == timeless(whole.run_dir), f"seed {seed}"
    segments = load(killed.run_dir / "summary.json")["segments"]
    assert segments[-1]["to_step"] == 60
    assert all(one["to_step"] == two["from_step"] for one, two in pairwise(segments))


def options(asked: Request) -> list[str]:
    """What asks for the same run at the command line, its folder aside."""
    found = ["--dataset", str(asked.dataset), "--recipe", str(asked.recipe), "--device", "cpu"]
    for name, value in asked.overrides.items():
        found += [f"--{name.replace('_', '-')}", str(value)]
    return found


def stopped(number: signal.Signals, run_dir: Path, given: list[str], environment: dict[str, str]) -> tuple[int, str]:
    """Exit code and output of a run that is sent a signal after its third further step."""
    program = SLOWED.format(pause=0.1) + "import sys; from aprtrain.cli import main; main()"
    metrics = run_dir / "metrics.jsonl"
    before = len(rows(metrics)) if metrics.exists() else 0
    child = subprocess.Popen(
        [sys.executable, "-c", program, "pretrain", "--run-dir", str(run_dir), *given],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environment,
    )
    while child.poll() is None and (not metrics.exists() or metrics.read_bytes().count(b"\n") < before + 3):
        time.sleep(0.01)
    child.send_signal(number)
    said, _ = child.communicate(timeout=120)
    return child.returncode, said


def test_a_stopped_run_loses_a_step_or_ends_elsewhere(finished_run, request_for, environment, tmp_path):
    """Stopped on one device, stopped on 8, ended on one: the same bits, since a step is computed on one device."""
    asked = request_for(tmp_path / "run")
    for number, code, devices in ((signal.SIGTERM, 143, "1"), (signal.SIGINT, 130, "8")):
        found, said = stopped(number, asked.run_dir, options(asked), environment | {"JAX_NUM_CPU_DEVICES": devices})
        assert found == code, said
        assert f"interrupted by {number.name} after" in said
        assert "Traceback" not in said
        assert not (asked.run_dir / "summary.json").exists()
        assert read(asked.run_dir)[1] == len(rows(asked.run_dir / "metrics.jsonl"))
    assert pretrain(asked, lambda _: None, say_every=5) == "completed"
    assert timeless(asked.run_dir) == timeless(finished_run)


def test_a_second_process_trains_in_the_same_folder(request_for, tmp_path):
    with locked(tmp_path / "run"), pytest.raises(InputError, match=rf"process {os.getpid()} is at work here"):
        pretrain(request_for(tmp_path / "run"), lambda _: None, say_every=5)
