"""What moved a ledger."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pv.ship import courses
from pv.verdict import Verdict

NAMES = ("X-001", "X-002", "X-003", "X-004")
THEN = {"A": (60, ["X-001", "X-002"]), "B": (40, ["X-003"])}
NOW = {"A": (20, ["X-001"]), "B": (40, ["X-003"]), "C": (40, ["X-004"])}
WORDS = st.fixed_dictionaries({name: st.sampled_from([verdict.value for verdict in Verdict]) for name in NAMES})
NOTHING = dict.fromkeys(NAMES, "UNTESTED")


def test_points_of_evidence(read: Any, ledger_of: Any, verdicts_of: Any) -> None:
    """The claim that moved is named, and nothing is put down to the ledger."""
    ledger = read(ledger_of(THEN)).ledger
    words = {**NOTHING, "X-001": "PARTIAL", "X-003": "DISCHARGED"}
    (course,) = courses(ledger, verdicts_of(NOTHING), ledger, verdicts_of(words))
    assert (course.before, course.after, course.by_evidence, course.by_ledger) == (0, 40, 40, 0)
    assert [(one.id, one.before.met, one.after.met, one.edited) for one in course.moved] == [
        ("A", False, False, False),
        ("B", False, True, False),
    ]
    (transition,) = course.moved[1].transitions
    assert (transition.claim, transition.after.verdict) == ("X-003", Verdict.DISCHARGED)


def test_points_of_an_edit(read: Any, ledger_of: Any, verdicts_of: Any) -> None:
    """A criterion that was made easier earns nothing by evidence."""
    words = {**NOTHING, "X-001": "DISCHARGED", "X-003": "DISCHARGED"}
    then, now = read(ledger_of(THEN)).ledger, read(ledger_of(NOW)).ledger
    (course,) = courses(then, verdicts_of(words), now, verdicts_of(words))
    assert (course.before, course.after, course.by_evidence, course.by_ledger) == (40, 60, 0, 20)
    assert [(one.id, one.edited) for one in course.moved] == [("A", True), ("C", True)]
    assert all(one.transitions == () for one in course.moved)


@given(before=WORDS, after=WORDS)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_points_that_come_from_nowhere(read: Any, ledger_of: Any, verdicts_of: Any, before: dict, after: dict) -> None:
    """Evidence and edits together make the whole difference; without an edit it is evidence alone."""
    then, now = read(ledger_of(THEN)).ledger, read(ledger_of(NOW)).ledger
    (course,) = courses(then, verdicts_of(before), now, verdicts_of(after))
    assert course.after - course.before == course.by_evidence + course.by_ledger
    (same,) = courses(then, verdicts_of(before), then, verdicts_of(after))
    assert same.by_ledger == 0


def test_a_model_that_came_or_went(read: Any, ledger_of: Any, verdicts_of: Any) -> None:
    ledger = read(ledger_of(THEN)).ledger
    renamed = read({**ledger_of(THEN), "models": [{**ledger_of(THEN)["models"][0], "id": "N"}]}).ledger
    words = dict.fromkeys(NAMES, "DISCHARGED")
    found = {one.id: one for one in courses(ledger, verdicts_of(words), renamed, verdicts_of(words))}
    assert (found["N"].before, found["N"].after) == (None, 100)
    assert (found["M"].before, found["M"].after) == (100, None)
    assert [one.before for one in courses(None, (), ledger, verdicts_of(words))] == [None]
