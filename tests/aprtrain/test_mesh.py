"""Several devices, in one process or in two, do what one does."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from aprtrain.checkpoint import read
from tests.aprtrain.test_train import load, options, rows, stopped

OVER_DEVICES = Path(__file__).with_name("over_devices.py")


def is_the_run_of_one_device(run: Path, of_one: Path) -> None:
    """Up to the rounding of float32 sums in another order."""
    for name, tolerance in (("loss", 1e-5), ("grad_norm", 1e-4)):
        found, wanted = ([row[name] for row in rows(one / "metrics.jsonl")] for one in (run, of_one))
        np.testing.assert_allclose(found, wanted, rtol=tolerance)
    (_, step, params), (_, _, wanted) = read(run), read(of_one)
    assert step == len(rows(of_one / "metrics.jsonl"))
    assert max(float(np.abs(params[name] - leaf).max()) for name, leaf in wanted.items()) < 1e-3


def test_devices_change_the_gradients(environment):
    """Whole or cut up, with rows of very unequal weight; a mean of means is far off, so the probe can see."""
    argv = [sys.executable, str(OVER_DEVICES)]
    ended = subprocess.run(
        argv, check=True, capture_output=True, text=True, timeout=300, env=environment | {"JAX_NUM_CPU_DEVICES": "8"}
    )
    *ways, naive = map(json.loads, ended.stdout.splitlines())
    assert [(way["devices"], way["cut"] > 0) for way in ways] == [(2, False), (4, True), (8, False), (8, True)]
    for way in ways:
        assert max(way[part] for part in ("loss", "slopes", "of")) < 2e-6, way
        assert way["state"] < 1e-4, way
    assert naive["slopes"] > 0.05


def test_a_run_moves_between_device_counts(finished_run, request_for, environment, tmp_path):
    """Begun on 4 devices that hold a part each, stopped, ended on 2 that hold all."""
    asked = request_for(tmp_path / "run")
    environment |= {"JAX_NUM_CPU_DEVICES": "4"}
    begun = [*options(asked), "--devices", "4", "--shard"]
    code, said = stopped(signal.SIGTERM, asked.run_dir, begun, environment)
    assert code == 143, said
    assert "device: 4 x cpu" in said
    argv = [sys.executable, "-m", "aprtrain", "pretrain", "--run-dir", str(asked.run_dir), *options(asked)]
    subprocess.run([*argv, "--devices", "2"], check=True, timeout=300, env=environment, capture_output=True)
    assert load(asked.run_dir / "summary.json")["device"]["count"] == 2
    is_the_run_of_one_device(asked.run_dir, finished_run)


def test_two_processes_make_another_run(finished_run, request_for, environment, tmp_path):
    """Each with two devices that hold a part each; both record the same steps, the second in a folder of its own."""
    asked = request_for(tmp_path / "run")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    argv = [sys.executable, "-m", "aprtrain", "pretrain", "--run-dir", str(asked.run_dir), *options(asked)]
    argv += ["--devices", "4", "--coordinator", address, "--processes", "2", "--shard"]
    both = [
        subprocess.Popen(
            [*argv, "--process", str(number)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=environment | {"JAX_NUM_CPU_DEVICES": "2"},
        )
        for number in range(2)
    ]
    said = [one.communicate(timeout=300)[0] for one in both]
    assert [one.returncode for one in both] == [0, 0], said
    is_the_run_of_one_device(asked.run_dir, finished_run)
    first, second = (rows(asked.run_dir / place / "metrics.jsonl") for place in (".", "processes/1"))
    assert [row["loss"] for row in first] == [row["loss"] for row in second]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--devices", "3"], "--batch-size 4: does not divide into 3 devices"),
        (["--devices", "4"], "--devices 4: found 2 of 1 processes"),
        (["--processes", "2"], "--coordinator None: with --process 0 --processes 2"),
        (["--coordinator", "127.0.0.1:1", "--processes", "2", "--process", "2"], "with --process 2 --processes 2"),
    ],
)
def test_a_wrong_number_of_devices_is_taken(request_for, environment, tmp_path, more, said):
    asked = request_for(tmp_path / "run")
    argv = [sys.executable, "-m", "aprtrain", "pretrain", "--run-dir", str(asked.run_dir), *options(asked), *more]
    ended = subprocess.run(
        argv, capture_output=True, text=True, timeout=120, env=environment | {"JAX_NUM_CPU_DEVICES": "2"}, check=False
    )
    assert ended.returncode == 2
    assert said in ended.stderr
