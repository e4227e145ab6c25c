"""`python tools/rule_pages.py`."""

from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture
def tool(script: Callable[[str], ModuleType]) -> ModuleType:
    """The script."""
    return script("rule_pages")


def test_pages_that_are_not_what_the_rules_say(tool: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    """What lies in docs/rules/ is what the sources make."""
    assert tool.call("--check") == 0, capsys.readouterr().err


def test_a_difference_that_is_not_seen(tool: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A missing, edited or left-over page makes 1, is named, and is mended by writing again."""
    assert tool.call("--folder", tmp_path) == 0
    assert tool.call("--check", "--folder", tmp_path) == 0
    (tmp_path / "vacuous-bound.md").write_text("edited", encoding="utf-8")
    (tmp_path / "inert.md").unlink()
    (tmp_path / "gone.md").write_text("of a rule that was removed", encoding="utf-8")
    assert tool.call("--check", "--folder", tmp_path) == 1
    told = capsys.readouterr().err
    assert [name for name in ("vacuous-bound.md: differs", "inert.md: is missing", "gone.md: has no") if name in told]
    assert len(told.splitlines()) == 3
    assert tool.call("--folder", tmp_path) == 0
    assert tool.call("--check", "--folder", tmp_path) == 0


def test_a_link_that_leads_nowhere(tool: ModuleType) -> None:
    """The index names every page, and every page leads back."""
    documents = tool.documents()
    for name, text in documents.items():
        assert name == "index.md" or f"({name})" in documents["index.md"]
        assert name == "index.md" or "(index.md)" in text
        assert text.endswith("\n")


def test_a_heading_that_is_none(tool: ModuleType) -> None:
    """Only the fixed headings make sections; a sentence with a colon stays one."""
    assert tool.sections("No kind of it: write.\nWhy: because.") == "No kind of it: write.\n\n## Why\n\nBecause."
