"""Running what is missing of the matrix, with real attacks on functions."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def project(tmp_path: Path, pv: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> Path:
    """The project that `pv init` begins: one claim about functions, with one mutant."""
    root = tmp_path / "project"
    root.mkdir()
    monkeypatch.chdir(root)
    monkeypatch.delenv("PV_ROOT", raising=False)
    assert pv("init").status == 0
    return root


def test_what_is_missing_is_run_once(project: Path, pv: Callable[..., Any]) -> None:
    """The first call runs the mutant and the honest trial and keeps both; the second runs nothing."""
    first = pv("power", "--format", "json")
    assert "2 trials, 0 kept, 2 to run" in first.err
    killed = [one["name"] for one in json.loads(first.out)["mutants"] if one["state"] == "killed"]
    assert (first.status, killed) == (0, ["mean-of-means"])
    bundles = sorted(path.name for path in (project / "evidence").glob("*/*"))
    assert len(bundles) == 2
    second = pv("power", "--format", "json")
    assert "2 trials, 2 kept, 0 to run" in second.err
    assert json.loads(second.out) == json.loads(first.out)
    _goes_on(project, pv)
    _repeats(project, pv)


def _goes_on(project: Path, pv: Callable[..., Any]) -> None:
    """Where one of the two is lost, only that one is run again."""
    for path in (project / "evidence").glob("*/*"):
        if not (path / "raw" / "mutant.patch").exists():
            shutil.rmtree(path)
    assert "2 trials, 1 kept, 1 to run" in pv("power").err


def _repeats(project: Path, pv: Callable[..., Any]) -> None:
    """A cell that is run again reads as it did, and is not kept."""
    before = sorted(path.name for path in (project / "evidence").glob("*/*"))
    ran = pv("power", "--recorded", "--sample", "5", "--format", "json")
    (repeat,) = json.loads(ran.out)["repeats"]
    assert (ran.status, repeat["same"], repeat["repeated"]) == (0, True, "killed")
    assert sorted(path.name for path in (project / "evidence").glob("*/*")) == before
