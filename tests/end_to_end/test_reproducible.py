"""The same seed gives the same losses, another gives others, and a killed run ends as if it had not been killed."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow


def losses(bundle: Path) -> list[bytes]:
    """The bytes of every recorded loss, as written."""
    lines = (bundle / "raw" / "metrics.jsonl").read_bytes().splitlines()
    return [line.partition(b'"loss":')[2].partition(b",")[0] for line in lines]


def test_another_seed_gives_other_losses_and_the_same_verdict(project, honest) -> None:
    other = project.discharge("--seed", "1")
    assert other.json["verdict"] == honest.json["verdict"]
    assert [control["name"] for control in other.json["controls"] if control["ok"] is not True] == []
    first, second = (losses(project.root / done.json["bundle"]) for done in (honest, other))
    assert first != second


def test_a_killed_run_resumes_to_the_same_losses(project, honest, tmp_path: Path) -> None:
    """kill -9 of the whole process tree in the middle of training; the same command goes on."""
    fresh = project.copy(tmp_path / "again")
    (fresh.root / ".pv").mkdir()
    (fresh.root / ".pv" / "cache").symlink_to(project.root / ".pv" / "cache")
    command = [sys.executable, "-m", "pv", "discharge", "FALSIFY-005", "--run"]
    command += ["--profile", "micro", "--device", "cpu", "--format", "json"]
    environment = dict(os.environ) | {"PV_ROOT": str(fresh.root)}
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    ) as process:
        planned = len(losses(project.root / honest.json["bundle"]))
        while _steps(fresh.root) < 0.4 * planned:
            assert process.poll() is None, "it ended before it could be killed"
            time.sleep(0.02)
        for pid in _tree(process.pid):
            os.kill(pid, signal.SIGKILL)
        process.wait()
    reached = _steps(fresh.root)
    assert 0.2 * planned <= reached <= 0.8 * planned
    resumed = fresh.pv(*command[3:])
    bundle = fresh.root / json.loads(resumed.stdout)["bundle"]
    assert losses(bundle) == losses(project.root / honest.json["bundle"])
    assert json.loads(resumed.stdout)["measurement"]["value"] == honest.json["measurement"]["value"]
    assert len(json.loads((bundle / "raw" / "run.json").read_text())["segments"]) == 2


def _steps(root: Path) -> int:
    files = list(root.glob(".pv/work/*/run/metrics.jsonl"))
    return len(files[0].read_bytes().splitlines()) if files else 0


def _tree(pid: int) -> list[int]:
    """A process and everything below it, the youngest first."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [grand for child in children for grand in _tree(int(child))] + [pid]
