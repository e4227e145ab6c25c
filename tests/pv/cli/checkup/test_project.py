"""Looking at the project."""

import os
from pathlib import Path
from typing import Any

import pytest

from pv.cli.checkup import project
from pv.cli.checkup.check import Answer, State
from pv.contract import load_all
from pv.errors import BindingError


def test_trainer_that_is_not_installed(site: Any) -> None:
    """A contract that names an unknown trainer fails."""
    assert project.trainers_check(load_all([site.contract])).state is State.OK
    site.contract.write_text(site.contract.read_text().replace("trainer: aprtrain", "trainer: nobody"))
    check = project.trainers_check(load_all([site.contract]))
    assert (check.state, "contracts name nobody" in check.found) == (State.FAIL, True)


@pytest.mark.parametrize(
    ("answer", "state", "found"),
    [
        (Answer(0, ""), State.OK, "is what the modules say"),
        (Answer(9, ""), State.FAIL, "is not what the modules say"),
        (Answer(1, "", "ImportError: x"), State.FAIL, "ImportError: x"),
        (Answer(None, "", "no answer within 1 s"), State.FAIL, "no answer"),
    ],
)
def test_index(monkeypatch: pytest.MonkeyPatch, answer: Answer, state: State, found: str) -> None:
    """An index that is stale, or falsifiers that cannot be imported, fail."""
    monkeypatch.setattr(project, "ask", lambda *_, **__: answer)
    check = project.falsifiers_check(1)
    assert (check.state, found in check.found) == (state, True)


def test_index_that_cannot_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """A malformed index fails without anything being imported."""

    def broken() -> None:
        raise BindingError("index.json", "cannot be read", "write it anew")

    monkeypatch.setattr(project, "mutants", broken)
    assert project.falsifiers_check(1).remedy == "write it anew"


def test_caches(tmp_path: Path) -> None:
    """Corrupt entries and unfinished ones are named; a fresh unfinished one may be a run at work."""
    printed = tmp_path / "cache" / "printed"
    assert project.caches_check(tmp_path).state is State.OK
    printed.mkdir(parents=True)
    (printed / "a.json").write_text("{}")
    unfinished = tmp_path / "cache" / "init-0123.partial"
    unfinished.mkdir()
    assert project.caches_check(tmp_path).state is State.OK
    os.utime(unfinished, (0, 0))
    assert "left behind" in project.caches_check(tmp_path).found
    (printed / "b.json").write_text("{")
    check = project.caches_check(tmp_path)
    assert (check.state, check.found) == (State.WARN, "1 entry corrupt")
    assert "b.json" in check.remedy
