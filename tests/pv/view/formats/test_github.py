"""Annotations on GitHub."""

import re
from collections import Counter
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from pv.view.formats.github import validate_github

COMMAND = re.compile(r"::(error|warning) file=[^:,]*,line=[1-9]\d*,col=[1-9]\d*,title=[^:,]*::.*|::notice title=pv::.*")


def test_golden(contract_verdicts: Any, same_as_golden: Any) -> None:
    text = validate_github(contract_verdicts, lambda _path, index: (40 + index, 9))
    same_as_golden("validate.github.txt", text + "\n")


def test_more_annotations_than_a_step_shows(many: Any) -> None:
    """Ten errors, then ten warnings, and a notice that says how many were left out."""
    lines = validate_github(many).splitlines()
    assert Counter(line.split()[0] for line in lines) == {"::error": 10, "::warning": 10, "::notice": 1}
    assert [line.split()[0] for line in lines[:20]] == ["::error"] * 10 + ["::warning"] * 10
    assert lines[-1].endswith("; 20 errors and 20 warnings are not shown here, see `pv validate`")


def test_places_nobody_needs(many: Any) -> None:
    """The file is not searched for claims that are only noted."""
    asked: list[int] = []
    validate_github(many, lambda _path, index: (asked.append(index), (1, 1))[1])
    assert len(asked) <= 60


@settings(max_examples=20)
@given(data=st.data())
def test_a_stranger_who_starts_a_command(strangers: Any, data: Any) -> None:
    """Whatever a text holds, a line is one command, its properties end where they must, and it is UTF-8."""
    text = validate_github(data.draw(strangers))
    text.encode("utf-8")
    for line in text.splitlines():
        assert COMMAND.fullmatch(line), line
