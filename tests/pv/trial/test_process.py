"""Commands run in their own process group, with their output kept and their progress passed on."""

import fcntl
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pv.trial.process import run_module
from pv.trial.progress import Silent


class Recorder(Silent):
    def __init__(self) -> None:
        self.lines: list[tuple[str, int, int]] = []

    def line(self, text: str, done: int, total: int) -> None:
        self.lines.append((text, done, total))


def module(tmp_path: Path, body: str) -> dict[str, str]:
    """Make `tried` importable and return the environment in which it is."""
    (tmp_path / "tried.py").write_text(body)
    return dict(os.environ) | {"PYTHONPATH": str(tmp_path)}


def test_output_is_kept_and_counts_are_reported(tmp_path: Path) -> None:
    environment = module(tmp_path, "print('step 3/10 loss 2.5'); import sys; print('oh', file=sys.stderr)")
    progress = Recorder()
    ended = run_module(["tried"], environment=environment, log=tmp_path / "log.txt", progress=progress)
    assert ended.exit_code == 0
    assert set((tmp_path / "log.txt").read_text().splitlines()) == {"step 3/10 loss 2.5", "oh"}
    assert ("step 3/10 loss 2.5", 3, 10) in progress.lines
    assert ("oh", 0, 0) in progress.lines


def test_a_failure_keeps_its_exit_code_and_last_words(tmp_path: Path) -> None:
    environment = module(tmp_path, "print('about to fail'); raise SystemExit(7)")
    ended = run_module(["tried"], environment=environment, log=tmp_path / "log.txt", progress=Silent())
    assert (ended.exit_code, ended.last_words) == (7, "about to fail")


def test_a_signal_is_a_negative_exit_code(tmp_path: Path) -> None:
    environment = module(tmp_path, "import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    ended = run_module(["tried"], environment=environment, log=tmp_path / "log.txt", progress=Silent())
    assert ended.exit_code == -signal.SIGKILL


def test_the_current_folder_is_not_on_the_module_path(tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "here.py").write_text("print('imported from the current folder')")
    monkeypatch.chdir(tmp_path)
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    ended = run_module(["here"], environment=environment, log=tmp_path / "log.txt", progress=Silent())
    assert ended.exit_code != 0


def test_an_interrupt_ends_what_was_started(tmp_path: Path) -> None:
    """A real interrupt of a real parent leaves no orphan behind."""
    module(tmp_path, "import os, time; print(os.getpid(), flush=True); time.sleep(60)")
    parent = tmp_path / "parent.py"
    parent.write_text(
        "import os, pathlib, signal\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # a background shell has it ignored
        "from pv.trial.process import run_module\n"
        "from pv.trial.progress import Silent\n"
        f"here = pathlib.Path({str(tmp_path)!r})\n"
        "run_module(['tried'], environment=dict(os.environ) | {'PYTHONPATH': str(here)},"
        " log=here / 'log.txt', progress=Silent())\n"
    )
    root = Path(__file__).parents[3]
    with subprocess.Popen(
        [sys.executable, str(parent)],
        env=dict(os.environ) | {"PYTHONPATH": str(root)},
        stderr=subprocess.DEVNULL,
    ) as process:
        log = tmp_path / "log.txt"
        deadline = time.monotonic() + 20
        while not (log.exists() and log.read_text().strip()):
            assert time.monotonic() < deadline, "the child never started"
            time.sleep(0.05)
            # The child's line reaches the file once the parent's buffer is flushed.
            if (child := _child_of(process.pid)) is not None:
                time.sleep(0.5)
                break
        process.send_signal(signal.SIGINT)
        process.wait(timeout=20)
    assert child is not None
    assert not Path(f"/proc/{child}").exists()


def test_a_lock_outlives_its_holder_while_the_command_runs(tmp_path: Path) -> None:
    """A killed parent leaves a training process behind: nobody may start the same trial beside it."""
    environment = module(tmp_path, "import time; time.sleep(2)")
    parent = tmp_path / "parent.py"
    parent.write_text(
        "import fcntl, os, pathlib\n"
        "from pv.trial.process import run_module\n"
        "from pv.trial.progress import Silent\n"
        f"here = pathlib.Path({str(tmp_path)!r})\n"
        "with (here / 'lock').open('w') as file:\n"
        "    fcntl.flock(file, fcntl.LOCK_EX)\n"
        "    run_module(['tried'], environment=dict(os.environ), log=here / 'log.txt', progress=Silent(),"
        " held=(file.fileno(),))\n"
    )
    path = os.pathsep.join((str(Path(__file__).parents[3]), environment["PYTHONPATH"]))
    with subprocess.Popen([sys.executable, str(parent)], env=environment | {"PYTHONPATH": path}) as process:
        while _child_of(process.pid) is None:
            time.sleep(0.02)
        process.kill()
        process.wait()
    with (tmp_path / "lock").open("w") as file:
        with pytest.raises(BlockingIOError):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        fcntl.flock(file, fcntl.LOCK_EX)


def _child_of(pid: int) -> int | None:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return int(children[0]) if children else None
