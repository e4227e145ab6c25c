"""Commands run in their own process group, with their output kept and their progress passed on."""

import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pv.trial import server
from pv.trial.process import run_module
from pv.trial.progress import Silent

FEW = "from pv.trial import server; server.LIBRARIES = ('json', 'nowhere_to_be_found')\n"
STARTED = "import os, pathlib; pathlib.Path(__file__).with_name('pid').write_text(str(os.getpid()));"
"""A program that says who it is."""


@pytest.fixture(params=[False, True], ids=["afresh", "forked"])
def served(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether a server forks the command; one with few imports is quicker."""
    monkeypatch.setattr(server, "LIBRARIES", ("json", "nowhere_to_be_found"))
    server._server.cache_clear()
    return bool(request.param)


class Recorder(Silent):
    def __init__(self) -> None:
        self.lines: list[tuple[str, int, int]] = []

    def line(self, text: str, done: int, total: int) -> None:
        self.lines.append((text, done, total))


def module(tmp_path: Path, body: str) -> dict[str, str]:
    """Make `tried` importable and return the environment in which it is."""
    (tmp_path / "tried.py").write_text(body)
    return dict(os.environ) | {"PYTHONPATH": str(tmp_path)}


def test_output_is_kept_and_counts_are_reported(tmp_path: Path, served: bool) -> None:
    environment = module(tmp_path, "print('step 3/10 loss 2.5'); import sys; print('oh', file=sys.stderr)")
    progress = Recorder()
    ended = run_module(["tried"], environment=environment, log=tmp_path / "log.txt", progress=progress, served=served)
    assert ended.exit_code == 0
    assert set((tmp_path / "log.txt").read_text().splitlines()) == {"step 3/10 loss 2.5", "oh"}
    assert ("step 3/10 loss 2.5", 3, 10) in progress.lines
    assert ("oh", 0, 0) in progress.lines


def test_a_failure_keeps_its_exit_code_and_last_words(tmp_path: Path, served: bool) -> None:
    environment = module(tmp_path, "print('about to fail'); raise SystemExit(7)")
    ended = run_module(["tried"], environment=environment, log=tmp_path / "log.txt", progress=Silent(), served=served)
    assert (ended.exit_code, ended.last_words) == (7, "about to fail")


def test_a_signal_is_a_negative_exit_code(tmp_path: Path, served: bool) -> None:
    environment = module(tmp_path, "import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    ended = run_module(["tried"], environment=environment, log=tmp_path / "log.txt", progress=Silent(), served=served)
    assert ended.exit_code == -signal.SIGKILL


def test_the_current_folder_is_not_on_the_module_path(tmp_path: Path, monkeypatch, served: bool) -> None:
    (tmp_path / "here.py").write_text("print('imported from the current folder')")
    monkeypatch.chdir(tmp_path)
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    ended = run_module(["here"], environment=environment, log=tmp_path / "log.txt", progress=Silent(), served=served)
    assert ended.exit_code != 0


def test_a_forked_command_is_started_as_another_is(tmp_path: Path) -> None:
    """Arguments, variables, flags, session, folder and search path are the same; nothing was imported but libraries."""
    body = """
import os, sys
print(sys.argv[1:], __name__, __spec__.name, sys.flags.safe_path, os.getcwd(), sys.stdin.read() == "")
print(sorted(os.environ.items() - {("FALSIFIERS_SERVER", os.environ.get("FALSIFIERS_SERVER"))}))
print(list(dict.fromkeys(sys.path)), os.getpgid(0) == os.getpid())
print([name for name in sys.modules if name.partition(".")[0] in {"pv", "falsifiers", "aprtrain"}])
"""
    environment = module(tmp_path, body)
    for name, served in (("afresh", False), ("forked", True)):
        run_module(
            ["tried", "a", "b c"], environment=environment, log=tmp_path / name, progress=Silent(), served=served
        )
    assert (tmp_path / "forked").read_text() == (tmp_path / "afresh").read_text()
    assert "[]\n" in (tmp_path / "forked").read_text()


def test_a_library_that_is_itself_under_test(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the server has imported is not what runs where a planted copy comes first."""
    monkeypatch.setattr(server, "LIBRARIES", ("yaml",))
    server._server.cache_clear()
    environment = module(tmp_path, "import yaml; print(yaml.__file__)")
    (tmp_path / "yaml.py").write_text("")
    ended = run_module(["tried"], environment=environment, log=tmp_path / "log", progress=Silent(), served=True)
    assert ended.last_words == str(tmp_path / "yaml.py")


def test_lines_arrive_while_a_command_runs(tmp_path: Path, served: bool) -> None:
    environment = module(tmp_path, "import time; print('begun'); time.sleep(1); print('done')")
    progress = Recorder()
    moments: list[float] = []
    progress.line = lambda *_: moments.append(time.monotonic())  # type: ignore[method-assign]
    run_module(["tried"], environment=environment, log=tmp_path / "log.txt", progress=progress, served=served)
    assert moments[1] - moments[0] > 0.5


def test_an_interrupt_ends_what_was_started(tmp_path: Path, served: bool, ended: Callable[[int], bool]) -> None:
    """A real interrupt of a real parent leaves no orphan behind."""
    module(tmp_path, f"{STARTED} import time; time.sleep(60)")
    parent = tmp_path / "parent.py"
    parent.write_text(
        "import os, pathlib, signal\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # a background shell has it ignored
        "from pv.trial.process import run_module\n"
        f"from pv.trial.progress import Silent\n{FEW}"
        f"here = pathlib.Path({str(tmp_path)!r})\n"
        "run_module(['tried'], environment=dict(os.environ) | {'PYTHONPATH': str(here)},"
        f" log=here / 'log.txt', progress=Silent(), served={served})\n"
    )
    root = Path(__file__).parents[3]
    with subprocess.Popen(
        [sys.executable, str(parent)],
        env=dict(os.environ) | {"PYTHONPATH": str(root)},
        stderr=subprocess.DEVNULL,
    ) as process:
        child = _pid(tmp_path)
        process.send_signal(signal.SIGINT)
        process.wait(timeout=20)
    assert ended(child)


def test_a_lock_outlives_its_holder_while_the_command_runs(tmp_path: Path, served: bool) -> None:
    """A killed parent leaves a training process behind: nobody may start the same trial beside it."""
    environment = module(tmp_path, f"{STARTED} import time; time.sleep(2)")
    parent = tmp_path / "parent.py"
    parent.write_text(
        "import fcntl, os, pathlib\n"
        "from pv.trial.process import run_module\n"
        f"from pv.trial.progress import Silent\n{FEW}"
        f"here = pathlib.Path({str(tmp_path)!r})\n"
        "with (here / 'lock').open('w') as file:\n"
        "    fcntl.flock(file, fcntl.LOCK_EX)\n"
        "    run_module(['tried'], environment=dict(os.environ), log=here / 'log.txt', progress=Silent(),"
        f" held=(file.fileno(),), served={served})\n"
    )
    path = os.pathsep.join((str(Path(__file__).parents[3]), environment["PYTHONPATH"]))
    with subprocess.Popen([sys.executable, str(parent)], env=environment | {"PYTHONPATH": path}) as process:
        _pid(tmp_path)
        process.kill()
        process.wait()
    with (tmp_path / "lock").open("w") as file:
        with pytest.raises(BlockingIOError):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        fcntl.flock(file, fcntl.LOCK_EX)


def _pid(folder: Path) -> int:
    """The process of the program in a folder, once it runs."""
    path, deadline = folder / "pid", time.monotonic() + 20
    while not (path.exists() and path.read_text()):
        assert time.monotonic() < deadline, "the command never started"
        time.sleep(0.02)
    return int(path.read_text())
