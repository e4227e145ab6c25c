"""Where a project keeps its folders."""

from pathlib import Path

import pytest

from pv.cli.project import find_project, nearby
from pv.errors import UsageError


def test_folder_with_contracts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From a folder below, the project is found upwards."""
    (tmp_path / "contracts" / "deep").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "contracts" / "deep")
    project = find_project(environ={})
    assert (project.root, project.evidence) == (tmp_path, tmp_path / "evidence")
    assert (project.scratch, project.runs) == (tmp_path / ".pv", tmp_path / ".pv" / "runs")


def test_table_in_pyproject(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The table names other folders, and a folder without the table is passed by."""
    (tmp_path / "pyproject.toml").write_text('[tool.pv]\ncontracts = "claims"\nevidence = "proof"\n')
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    monkeypatch.chdir(inner)
    project = find_project(environ={})
    assert (project.contracts, project.evidence) == (tmp_path / "claims", tmp_path / "proof")


def test_root_from_the_environment(tmp_path: Path) -> None:
    """PV_ROOT goes before everything else, and must be a folder."""
    assert find_project(environ={"PV_ROOT": str(tmp_path)}).root == tmp_path
    with pytest.raises(UsageError, match="is no folder"):
        find_project(environ={"PV_ROOT": str(tmp_path / "nowhere")})


def test_no_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without any sign of a project, the working folder is one."""
    monkeypatch.chdir(tmp_path)
    assert find_project(environ={}).root == tmp_path


def test_broken_pyproject(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A table that cannot be read is an error that names the file."""
    (tmp_path / "pyproject.toml").write_text("[tool.pv\n")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match=r"pyproject\.toml: is no valid TOML"):
        find_project(environ={})


def test_project_of_a_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A path given goes before the working folder."""
    for name in ("here", "there"):
        (tmp_path / name / "contracts").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "here")
    assert find_project([Path("../there/contracts/x.yaml")], environ={}).root == tmp_path / "there"


def test_path_as_seen_from_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What lies in the working folder is shown from there."""
    monkeypatch.chdir(tmp_path)
    assert nearby(tmp_path / "a" / "b") == Path("a/b")
    assert nearby(tmp_path.parent) == tmp_path.parent
