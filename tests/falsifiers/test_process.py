"""Real processes: how they end, what is noted of them, and that nothing of them is left."""

import resource
import sys
import time
from pathlib import Path

import pytest

from falsifiers.process import MOST_OUTPUT, Note, noted, run


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Writes a module of the name `tried` where this process finds it."""
    monkeypatch.syspath_prepend(tmp_path)

    def write(source: str, name: str = "tried") -> Path:
        (tmp_path / f"{name}.py").write_text(source)
        return tmp_path

    return write


@pytest.fixture(params=[(), ("json",)], ids=["afresh", "forked"])
def libraries(request: pytest.FixtureRequest) -> tuple[str, ...]:
    """What a server has imported that forks the process; without any it is started afresh."""
    return request.param


def test_what_a_program_says_and_how_it_ends(program, libraries):
    here = program("import sys, os; print(os.getcwd(), *sys.argv[1:]); print('no', file=sys.stderr); sys.exit(3)")
    ran = run("tried", "a", "b c", cwd=here, libraries=libraries)
    assert (ran.status, ran.out, ran.err, ran.stopped) == (3, f"{here} a b c\n", "no\n", "")


def test_it_is_main_with_its_own_arguments(program, libraries):
    """A variable of its own means a start afresh."""
    here = program("import os, sys; print(__name__, __spec__.name, sys.argv[0], os.environ['X'])")
    name, spec, script, variable = run("tried", cwd=here, env={"X": "set"}, libraries=libraries).out.split()
    assert (name, spec, Path(script).name, variable) == ("__main__", "tried", "tried.py", "set")


def test_a_variable_that_is_set_between_two_processes(program, libraries, monkeypatch):
    here = program("import os; print(os.environ['X'], os.getsid(0) == os.getpid())")
    for value in ("1", "2"):
        monkeypatch.setenv("X", value)
        assert run("tried", cwd=here, libraries=libraries).out == f"{value} True\n"


def test_what_one_process_does_is_not_there_in_the_next(program):
    here = program("import json, sys; print(hasattr(json, 'spoilt'), 'json' in sys.modules); json.spoilt = 1")
    assert [run("tried", cwd=here, libraries=("json",)).out for _ in range(2)] == ["False True\n"] * 2


def test_its_folder_is_not_on_its_path(program, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "json.py").write_text("raise SystemExit(9)")
    program("import json")
    assert run("tried", cwd=elsewhere).status == 0


def test_a_planted_copy_is_what_runs(program, tmp_path, monkeypatch, libraries):
    here = program("print('clean')")
    assert run("tried", cwd=here, libraries=libraries).out == "clean\n"
    (tmp_path / "overlay").mkdir()
    (tmp_path / "overlay" / "tried.py").write_text("print('planted')")
    monkeypatch.syspath_prepend(tmp_path / "overlay")
    assert run("tried", cwd=here, libraries=libraries).out == "planted\n"


def test_a_program_that_takes_more_than_it_may(program):
    here = program("import time; time.sleep(0.2); x = bytearray(900_000_000)")
    ran = run("tried", cwd=here, limits={resource.RLIMIT_AS: 500_000_000})
    assert ran.status == 1
    assert ran.err.endswith("MemoryError\n")


def test_the_modules_that_a_program_imported(program, libraries):
    here = program("import other")
    program("", "other")
    names = {name for name, _ in run("tried", cwd=here, libraries=libraries).imported}
    assert {"tried", "other"} <= names


@pytest.mark.parametrize("how", ["time", "moment", "sight", "output"])
def test_it_is_killed_with_its_children(program, tmp_path, how, libraries, ended):
    """A child in a process group of its own is killed too; the modules that were imported are known."""
    here = program(
        "import subprocess, sys, pathlib, other\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'], process_group=0)\n"
        "pathlib.Path('pid').write_text(str(child.pid))\n"
        f"print('x' * {2 * MOST_OUTPUT if how == 'output' else 1}, flush=True)\n"
        "child.wait()\n"
    )
    program("", "other")
    pid = tmp_path / "pid"
    stop = {"time": {"timeout": 0.5}, "moment": {"kill_at": 0.5}, "sight": {"kill_at": pid.exists}}.get(how, {})
    notes: list[Note] = []
    with noted(notes):
        ran = run("tried", cwd=here, **stop, libraries=libraries)
    assert (ran.status, ran.stopped) == (-9, {"time": "time", "output": "output"}.get(how, "asked"))
    assert len(ran.out) <= MOST_OUTPUT
    deadline = time.monotonic() + 5
    while pid.exists() and pid.read_text() and not ended(int(pid.read_text())):
        assert time.monotonic() < deadline, "a child lives on"
        time.sleep(0.02)
    if how in {"sight", "output"}:  # the other two may strike before it has begun
        assert {"tried", "other"} <= {name for name, _ in notes[0].imported}
        assert notes[0].began
    assert (notes[0].status, notes[0].stopped) == (-9, ran.stopped)


def test_what_is_left_running_is_killed(program, ended):
    here = program(
        "import subprocess, sys; print(subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']).pid)"
    )
    assert ended(int(run("tried", cwd=here).out))


def test_a_program_that_does_not_exist_never_began(tmp_path):
    notes: list[Note] = []
    with noted(notes):
        assert run("nowhere_to_be_found", cwd=tmp_path).status == 1
    assert [note.began for note in notes] == [False]


def test_a_note_names_no_folder_of_this_machine(program):
    here = program("print('x')")
    notes: list[Note] = []
    with noted(notes):
        run("tried", str(here), f"{here}/a", f"--out={here}/b", "/etc/hosts", "c", cwd=here)
    run("tried", cwd=here)
    (note,) = notes
    assert note.argv == (".", "a", "--out=b", "hosts", "c")
    assert dict(note.imported)["tried"] == str(here / "tried.py")
    assert note.platform.endswith(f"python-{sys.version.split()[0]}")


def test_an_interrupted_law_leaves_no_process(program, tmp_path, ended):
    here = program("import os, pathlib, time; pathlib.Path('pid').write_text(str(os.getpid())); time.sleep(600)")
    pid = tmp_path / "pid"

    def seen() -> bool:
        if pid.exists() and pid.read_text():
            raise KeyboardInterrupt
        return False

    with pytest.raises(KeyboardInterrupt):
        run("tried", cwd=here, kill_at=seen)
    assert ended(int(pid.read_text()))


def test_the_server_ends_with_the_process_that_started_it(program, ended):
    program("import os; print(open(f'/proc/{os.getppid()}/stat').read().rpartition(')')[2].split()[1])")
    here = program(
        "import os, pathlib, falsifiers.process\n"
        "ran = falsifiers.process.run('tried', cwd=pathlib.Path.cwd(), libraries=('json',))\n"
        "print(ran.out.strip(), flush=True)\n"
        "os.kill(os.getpid(), 9)\n",
        "judge",
    )
    ran = run("judge", cwd=here)
    assert ran.status == -9
    deadline = time.monotonic() + 5
    while not ended(int(ran.out)):
        assert time.monotonic() < deadline, "the server lives on"
        time.sleep(0.02)
