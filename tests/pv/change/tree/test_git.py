"""Reading revisions without touching the work tree."""

import os
import subprocess
from pathlib import Path

import pytest

from pv.change.tree import revision
from pv.errors import UsageError


def git(folder: Path, *arguments: str) -> str:
    command = ["git", "-c", "user.name=n", "-c", "user.email=e@example.org", *arguments]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = tmp_path / "repository"
    (root / "sub" / "deep").mkdir(parents=True)
    git(root, "init", "-q", "-b", "main")
    (root / "sub" / "a.yaml").write_bytes(b"one\r\n")
    (root / "sub" / "deep" / "b é\n.txt").write_bytes(b"\x00\xff\n")
    (root / "outside.txt").write_text("x")
    (root / ".gitattributes").write_text("* text=auto export-subst\n*.txt export-ignore\n")
    (root / "sub" / "link").symlink_to("deep")
    (root / "sub" / "away").symlink_to("/etc")
    git(root, "add", "-A")
    git(root, "-c", "core.autocrlf=false", "commit", "-qm", "one")
    return root


def test_the_files_of_a_revision(repository: Path) -> None:
    """All files of the folder, byte by byte, whatever attributes say; a link that leads away is left out."""
    committed = subprocess.run(["git", "show", "HEAD:sub/a.yaml"], cwd=repository, check=True, capture_output=True)
    (repository / "sub" / "a.yaml").write_text("two")
    before = git(repository, "status", "--porcelain=v2")
    with revision(repository / "sub", "HEAD") as commit:
        commit.take(lambda name: True)
        found = {path.relative_to(commit.folder).as_posix() for path in commit.folder.rglob("*")}
        assert found == {"a.yaml", "deep", "deep/b é\n.txt", "link"}
        assert (commit.folder / "a.yaml").read_bytes() == committed.stdout
        assert (commit.folder / "deep" / "b é\n.txt").read_bytes() == b"\x00\xff\n"
        folder = commit.folder
    assert not folder.exists()
    assert git(repository, "status", "--porcelain=v2") == before
    assert (repository / "sub" / "a.yaml").read_text() == "two"


def test_many_files(repository: Path) -> None:
    for number in range(600):
        (repository / "sub" / f"{number}").write_text(f"{number}\n" * (number % 7))
    git(repository, "add", "-A")
    git(repository, "commit", "-qm", "many")
    with revision(repository / "sub", "HEAD") as commit:
        commit.take(str.isdigit)
        found = {path.name: path.read_text() for path in commit.folder.iterdir()}
    assert found == {f"{number}": f"{number}\n" * (number % 7) for number in range(600)}


@pytest.mark.parametrize("name", ["nowhere", "", "--help", "HEAD:sub", "HEAD~9", "a..b", "\n"])
def test_a_base_that_does_not_exist(repository: Path, name: str) -> None:
    with pytest.raises(UsageError, match="no such git revision"), revision(repository, name):
        pass


def test_a_shallow_clone(repository: Path, tmp_path: Path) -> None:
    (repository / "outside.txt").write_text("y")
    git(repository, "commit", "-qam", "two")
    git(tmp_path, "clone", "-q", "--depth=1", f"file://{repository}", "clone")
    with pytest.raises(UsageError, match="fetch-depth: 0"), revision(tmp_path / "clone", "HEAD~1"):
        pass


def test_no_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(UsageError, match="not a git repository"), revision(tmp_path, "HEAD"):
        pass


def test_no_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageError, match="not on PATH"), revision(tmp_path, "HEAD"):
        pass


def test_a_repository_without_commits(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    with pytest.raises(UsageError, match="no such git revision"), revision(tmp_path, "HEAD"):
        pass


def test_a_replaced_commit_that_lies(repository: Path) -> None:
    """`git replace` changes what git shows of a commit, not what is read of it."""
    first = git(repository, "rev-parse", "HEAD").strip()
    (repository / "sub" / "a.yaml").write_text("lie")
    git(repository, "commit", "-qam", "two")
    git(repository, "replace", first, "HEAD")
    with revision(repository, first) as commit:
        commit.take("sub/a.yaml".__eq__)
        assert (commit.folder / "sub" / "a.yaml").read_bytes() != b"lie"
    assert os.environ.get("GIT_NO_REPLACE_OBJECTS") is None
