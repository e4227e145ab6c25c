"""What a bundle says of the code it was made with."""

import subprocess
from pathlib import Path

import pytest

from pv.trial.environment import revision


def git(folder: Path, *arguments: str) -> None:
    author = ("-c", "user.name=n", "-c", "user.email=e@example.org")
    subprocess.run(["git", *author, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project that is a part of a repository."""
    root = tmp_path / "project"
    (root / "evidence").mkdir(parents=True)
    (root / "evidence" / "old.json").write_text("{}")
    (root / "code.py").write_text("x = 1\n")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "first")
    return root


def test_code_as_committed(project: Path) -> None:
    commit, dirty = revision(project)
    assert (len(commit), dirty) == (40, "")


def test_evidence_that_comes_and_goes_is_no_code(project: Path) -> None:
    (project / "evidence" / "old.json").unlink()
    (project / "evidence" / "new.json").write_text("{}")
    assert revision(project)[1] == ""


@pytest.mark.parametrize("name", ["project/code.py", "project/new.py", "beside.py", "project/evidence.py"])
def test_code_that_is_not_committed(project: Path, name: str) -> None:
    (project.parent / name).write_text("x = 2\n")
    assert revision(project)[1] != ""


def test_no_repository(tmp_path: Path) -> None:
    assert revision(tmp_path) == ("", "")
