"""A run that is killed, stopped or moved to another number of devices ends as if nothing had happened."""

from __future__ import annotations

import dataclasses
import json
import os
import random
import signal
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import pytest

import aprtrain
from aprtrain.checkpoint import read
from aprtrain.errors import InputError
from aprtrain.files import locked
from aprtrain.pretrain import pretrain
from tests.aprtrain.records import load, rows, timeless

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


@pytest.fixture
def environment(compile_cache):
    paths = [str(Path(aprtrain.__file__).parents[1]), os.environ.get("PYTHONPATH", "")]
    return os.environ | {
        "PYTHONPATH": os.pathsep.join(paths),
        "JAX_PLATFORMS": "cpu",
        "JAX_COMPILATION_CACHE_DIR": str(compile_cache),
        "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
    }


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


def stopped(number: signal.Signals, run_dir: Path, options: list[str], environment: dict[str, str]) -> tuple[int, str]:
    """Exit code and output of a run that is sent a signal after its third further step."""
    program = SLOWED.format(pause=0.1) + "import sys; from aprtrain.cli import main; main()"
    metrics = run_dir / "metrics.jsonl"
    before = len(rows(metrics)) if metrics.exists() else 0
    child = subprocess.Popen(
        [sys.executable, "-c", program, "pretrain", "--run-dir", str(run_dir), *options],
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
    options = ["--dataset", str(asked.dataset), "--recipe", asked.recipe, "--device", "cpu"]
    for name, value in asked.overrides.items():
        options += [f"--{name.replace('_', '-')}", str(value)]
    for number, code, devices in ((signal.SIGTERM, 143, "1"), (signal.SIGINT, 130, "8")):
        found, said = stopped(number, asked.run_dir, options, environment | {"JAX_NUM_CPU_DEVICES": devices})
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
