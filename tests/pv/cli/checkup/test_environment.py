"""Looking at the machine."""

import subprocess
import sys
from pathlib import Path

import pytest

from pv.cli.checkup import environment
from pv.cli.checkup.check import Answer, State, ask


@pytest.mark.parametrize(
    ("found", "state"),
    [((3, 10), State.FAIL), ((3, 11), State.OK), ((3, 13), State.OK), ((3, 14), State.WARN), ((4, 0), State.WARN)],
)
def test_python(found: tuple[int, int], state: State) -> None:
    """Too old fails, newer than tested warns."""
    assert environment.python_check(found).state is state


def test_packages_against_constraints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Versions that differ are named; lines for another Python do not count."""
    monkeypatch.setattr(environment, "_required", lambda: iter(("click",)))
    monkeypatch.setattr(environment, "_version", {"click": "8.1", "a-b": "2"}.get)
    assert environment.packages_check(tmp_path).state is State.OK
    pins = tmp_path / "constraints.txt"
    pins.write_text('# c\nclick==8.1\nA_B==2; python_version >= "3.11"\na.b==1; python_version < "3.11"\ngone==1\n')
    assert environment.packages_check(tmp_path).found == "2 installed as in constraints.txt"
    pins.write_text("click==9\n")
    check = environment.packages_check(tmp_path)
    assert (check.state, check.found) == (State.WARN, "not as in constraints.txt: click 8.1, not 9")


def test_packages_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is required and not there fails."""
    monkeypatch.setattr(environment, "_required", lambda: iter(("nowhere-to-be-found",)))
    check = environment.packages_check(tmp_path)
    assert (check.state, "nowhere-to-be-found" in check.found) == (State.FAIL, True)


@pytest.mark.parametrize(
    ("script", "state", "found"),
    [
        (None, State.WARN, "no `pv` on PATH"),
        ("#!/bin/sh\necho 'pv 1.6.6 - Copyright 2015 Andrew Wood'\n", State.WARN, "is Pipe Viewer"),
        ("#!/bin/sh\necho 'other 1.0'\n", State.WARN, "is another program"),
        ("#!/elsewhere/python\nfrom pv.cli import main\n", State.WARN, "belongs to another environment"),
        (f"#!{sys.executable}\nfrom pv.cli import main\n", State.OK, "pv"),
    ],
)
def test_command(tmp_path: Path, script: str | None, state: State, found: str) -> None:
    """`pv` on PATH may be this one, Pipe Viewer, something else, or nothing."""
    if script:
        (tmp_path / "pv").write_text(script)
        (tmp_path / "pv").chmod(0o755)
    check = environment.command_check({"PATH": str(tmp_path)})
    assert (check.state, found in check.found) == (state, True)


@pytest.mark.parametrize(
    ("answer", "gpu", "state"),
    [
        (Answer(0, 'noise\n["0.10", ["cpu cpu"]]\n'), False, State.OK),
        (Answer(0, '["0.10", ["cpu cpu"]]\n'), True, State.WARN),
        (Answer(0, '["0.10", ["gpu NVIDIA H200"]]\n'), True, State.OK),
        (Answer(None, "", "no answer within 1 s"), False, State.FAIL),
        (Answer(1, "", "ModuleNotFoundError: jax"), False, State.FAIL),
        (Answer(0, "3\n"), False, State.FAIL),
    ],
)
def test_devices(monkeypatch: pytest.MonkeyPatch, answer: Answer, gpu: bool, state: State) -> None:
    """An array library that hangs, is missing, or overlooks a GPU is told."""
    monkeypatch.setattr(environment, "ask", lambda *_, **__: answer)
    monkeypatch.setattr(environment, "has_gpu", lambda: gpu)
    assert environment.device_check(1).state is state


@pytest.mark.parametrize(("gib", "state"), [(0.5, State.FAIL), (3, State.WARN), (50, State.OK)])
def test_disk(gib: float, state: State) -> None:
    """Little space warns, none fails."""
    assert environment.disk_check(int(gib * 2**30)).state is state


def test_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No commit, scratch that is not ignored, evidence that is: each is told."""
    for name, value in (("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))):
        monkeypatch.setenv(name, value)

    def found() -> str:
        return environment.git_check(tmp_path, tmp_path / "evidence").found

    def git(*arguments: str) -> None:
        author = ("-c", "user.name=a", "-c", "user.email=a@b")
        subprocess.run(["git", "-C", str(tmp_path), *author, *arguments], check=True, capture_output=True)

    assert found() == "no commit here"
    git("init")
    git("commit", "--allow-empty", "-m", "first")
    assert found() == ".pv/ is not ignored"
    (tmp_path / ".gitignore").write_text(".pv/\nevidence/\n")
    assert found() == "evidence/ is ignored"
    (tmp_path / ".gitignore").write_text(".pv/\nevidence/**/derived/*.json\n")
    assert environment.git_check(tmp_path, tmp_path / "evidence").state is State.OK


def test_git_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without git evidence names no commit."""
    monkeypatch.setenv("PATH", str(tmp_path))
    assert environment.git_check(tmp_path, tmp_path / "evidence").state is State.WARN


def test_ask_ends() -> None:
    """A program that hangs is given up, one that is not there is told, the last word is kept."""
    assert ask([sys.executable, "-c", "import time; time.sleep(60)"], 0.2).why == "no answer within 0.2 s"
    assert ask(["/nowhere/to/be/found"], 1).status is None
    answer = ask([sys.executable, "-c", "raise SystemExit('a word')"], 30)
    assert (answer.status, answer.why) == (1, "a word")
