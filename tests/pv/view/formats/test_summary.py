"""Markdown for the summary of a job."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from pv.view.formats import summary
from pv.view.formats.summary import MOST_BYTES, validate_markdown


def test_golden(contract_verdicts: Any, same_as_golden: Any) -> None:
    same_as_golden("validate.md", validate_markdown(contract_verdicts, lambda _path, index: (40 + index, 9)))


def test_a_summary_that_is_too_long(many: Any, monkeypatch: Any) -> None:
    """It ends at a whole line, within the limit, and says how much was left out."""
    monkeypatch.setattr(summary, "MOST_BYTES", 4000)
    text = validate_markdown(many)
    assert len(text.encode()) <= 4000
    assert "more lines left out: a summary holds at most 1 MiB" in text
    assert len(validate_markdown(many * 120).encode()) <= MOST_BYTES


@settings(max_examples=20)
@given(data=st.data())
def test_a_stranger_who_writes_markup(strangers: Any, data: Any) -> None:
    """Whatever a text holds, a row is one line without HTML, and tables keep their columns."""
    text = validate_markdown(data.draw(strangers))
    text.encode("utf-8")
    assert "<" not in text
    width = 0
    for line in text.splitlines():
        bars = line.replace("\\\\", "").replace("\\|", "").count("|")
        assert not bars or not width or bars == width, line
        width = bars
