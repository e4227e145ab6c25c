"""Files that are written, or none."""

from pathlib import Path

import pytest

from pv.cli.scaffold.files import replace_whole, write_new
from pv.errors import UsageError


def test_all_or_nothing(tmp_path: Path) -> None:
    """One file that is there stops all of them."""
    (tmp_path / "b").write_text("mine")
    with pytest.raises(UsageError, match="not overwritten"):
        write_new(tmp_path, {"a": "x", "b": "y"})
    assert (not (tmp_path / "a").exists(), (tmp_path / "b").read_text()) == (True, "mine")


def test_a_file_where_a_folder_is_needed(tmp_path: Path) -> None:
    """What was written before the fault is taken back."""
    (tmp_path / "b").write_text("mine")
    with pytest.raises(UsageError, match="cannot be written"):
        write_new(tmp_path, {"a": "x", "b/c": "y"})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b"]


@pytest.mark.parametrize("relative", ["../out", "link/out", "a/../../out"])
def test_never_outside(tmp_path: Path, relative: str) -> None:
    """Neither dots nor links lead out."""
    inside, outside = tmp_path / "in", tmp_path / "out-folder"
    inside.mkdir()
    outside.mkdir()
    (inside / "link").symlink_to(outside)
    with pytest.raises(UsageError, match="outside"):
        write_new(inside, {relative: "x"})
    assert list(outside.iterdir()) == []


def test_a_dangling_link_is_there(tmp_path: Path) -> None:
    """A link to nothing is not written through."""
    (tmp_path / "a").symlink_to("gone")
    with pytest.raises(UsageError):
        write_new(tmp_path, {"a": "x"})
    assert not (tmp_path / "gone").exists()


def test_permissions_stay(tmp_path: Path) -> None:
    """A replaced file keeps its mode and leaves nothing beside it."""
    file = tmp_path / "a"
    file.write_text("old")
    file.chmod(0o640)
    replace_whole(file, b"new")
    assert (file.read_bytes(), file.stat().st_mode & 0o777) == (b"new", 0o640)
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
