"""Looking for parts of contracts."""

from typing import Any

import pytest

from pv.trace import Kind, Question, search
from pv.verdict import Level, Verdict

BODY = """\
equations: {loss: {formula: "L = S/n", domain: Held-out documents}}
proof_obligations:
- {id: OBL-1, type: bound, property: The loss is low., tested_by: [FALSIFY-A-001]}
"""


@pytest.fixture
def verdicts(judged: Any, text: Any, bundle: Any) -> Any:
    claims = ("FALSIFY-A-001, aliases: [low-loss]", "FALSIFY-A-002")
    evidence = {"FALSIFY-A-001": (bundle("2026-01-01-a"),)}
    return judged(text("C-A", body=BODY, claims=claims), evidence=evidence)


@pytest.mark.parametrize(
    ("question", "names"),
    [
        (Question(), ["loss", "OBL-1", "FALSIFY-A-001", "FALSIFY-A-002"]),
        (Question(term="HELD-OUT"), ["loss"]),
        (Question(term="low"), ["OBL-1", "FALSIFY-A-001"]),
        (Question(term="the  loss"), ["OBL-1"]),
        (Question(kind=Kind.OBLIGATION), ["OBL-1"]),
        (Question(verdict=Verdict.PARTIAL), ["FALSIFY-A-001"]),
        (Question(level=Level.INTEGRATION), ["FALSIFY-A-001"]),
        (Question(unbound=True), ["FALSIFY-A-002"]),
        (Question(tag="contract", kind=Kind.EQUATION), ["loss"]),
        (Question(tag="other"), []),
        (Question(term="low", verdict=Verdict.UNTESTED), []),
    ],
)
def test_question(verdicts: Any, question: Question, names: list[str]) -> None:
    """Everything that is asked for must hold; only claims have verdicts, levels and falsifiers."""
    assert [entry.name for entry in search(verdicts, {"FALSIFY-A-001": "hunter"}, question)] == names


def test_unreadable_files_hold_nothing(judged: Any) -> None:
    """A file that is no contract is passed over."""
    assert search(judged("- 1\n"), {}, Question()) == ()
