"""What a ledger comes to, by verdicts."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pv.ship import State, progress
from pv.verdict import Reason, Verdict

NAMES = ("X-001", "X-002", "X-003", "X-004")
ALL = dict.fromkeys(NAMES, "DISCHARGED")
LEDGER = {
    "ship": "1",
    "models": [
        {
            "id": "M",
            "says": "a model",
            "criteria": [
                {"id": "A", "says": "s", "weight": 50, "claims": ["X-001", "X-002"]},
                {"id": "B", "says": "s", "weight": 30, "claims": ["X-003"]},
                {"id": "C", "says": "s", "weight": 20, "claims": ["X-004"]},
            ],
            "steps": [
                {"id": "S1", "says": "s", "estimate_days": 3, "claims": ["X-001", "X-003"]},
                {"id": "S2", "says": "s", "estimate_days": 1, "claims": ["X-002"]},
            ],
        }
    ],
}
WORDS = st.fixed_dictionaries({name: st.sampled_from([verdict.value for verdict in Verdict]) for name in NAMES})


def test_all_is_met(read: Any, verdicts_of: Any) -> None:
    (model,) = progress(read(LEDGER).ledger, verdicts_of(ALL))
    assert (model.percentage, model.days_left, model.next) == (100, 0, None)


@given(words=WORDS)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_something_besides_discharged_that_counts(read: Any, verdicts_of: Any, words: dict[str, str]) -> None:
    """A criterion is worth its weight where all its claims are DISCHARGED, else nothing; steps are worth nothing."""
    ledger = read(LEDGER).ledger
    (model,) = progress(ledger, verdicts_of(words))
    met = {name for name, word in words.items() if word == "DISCHARGED"}
    assert model.percentage == 50 * ({"X-001", "X-002"} <= met) + 30 * ("X-003" in met) + 20 * ("X-004" in met)
    without = {**LEDGER, "models": [{**LEDGER["models"][0], "steps": []}]}
    assert progress(read(without).ledger, verdicts_of(words))[0].percentage == model.percentage
    for name in NAMES:
        (less,) = progress(ledger, verdicts_of({**words, name: "PARTIAL"}))
        assert less.percentage <= model.percentage


@pytest.mark.parametrize(
    ("first", "third", "state"),
    [
        ("DISCHARGED", "DISCHARGED", State.DONE),
        ("DISCHARGED", "UNTESTED", State.BEGUN),
        ("PARTIAL", "UNTESTED", State.BEGUN),
        ("UNTESTED", "UNTESTED", State.OPEN),
        ("DISCHARGED", "FALSIFIED", State.STUCK),
        ("SUSPECT", "UNTESTED", State.STUCK),
    ],
)
def test_the_state_of_a_step(read: Any, verdicts_of: Any, first: str, third: str, state: State) -> None:
    (model,) = progress(read(LEDGER).ledger, verdicts_of({**ALL, "X-001": first, "X-003": third}))
    assert model.steps[0].state is state
    assert model.days_left == (0 if state is State.DONE else 3)


@pytest.mark.parametrize(
    ("words", "name", "days", "steps"),
    [
        ({"X-002": "PARTIAL", "X-003": "PARTIAL"}, "A", 1, ["S2"]),
        ({"X-001": "PARTIAL", "X-002": "PARTIAL", "X-003": "UNTESTED"}, "B", 3, ["S1"]),
        ({"X-001": "PARTIAL", "X-003": "UNTESTED"}, "A", 3, ["S1"]),
        ({"X-003": "PARTIAL", "X-004": "PARTIAL"}, "B", 3, ["S1"]),
        ({"X-004": "PARTIAL"}, "C", None, []),
    ],
)
def test_what_the_next_point_needs(
    read: Any, verdicts_of: Any, words: dict, name: str, days: float | None, steps: list[str]
) -> None:
    """Fewest days of steps that are not done; of two alike the heavier; what no step covers comes last."""
    found = progress(read(LEDGER).ledger, verdicts_of({**ALL, **words}))[0].next
    assert found is not None
    assert (found.criterion.criterion.id, found.days) == (name, days)
    assert [step.step.id for step in found.steps] == steps


def test_a_broken_dependency_that_counts(read: Any, verdicts_of: Any) -> None:
    """What is DISCHARGED in a contract whose dependency is FALSIFIED counts for nothing, and says why."""
    reason = Reason(code="dependency", message="C-Y, which it depends on, is FALSIFIED")
    (model,) = progress(read(LEDGER).ledger, verdicts_of(ALL, (reason,)))
    assert model.percentage == 0
    assert model.criteria[0].claims[0].reasons == (reason,)
    untested = Reason(code="untested-claims", message="1 of 4 claims are untested")
    assert progress(read(LEDGER).ledger, verdicts_of(ALL, (untested,)))[0].percentage == 100


@pytest.mark.parametrize(("claimed", "over"), [(50, False), (50.5, True), (57, True), (0, False), (None, False)])
def test_a_percentage_that_somebody_typed(read: Any, verdicts_of: Any, claimed: float | None, over: bool) -> None:
    content = {**LEDGER, "models": [{**LEDGER["models"][0], "claimed": claimed}]}
    words = {**ALL, "X-003": "PARTIAL", "X-004": "SUSPECT"}
    assert progress(read(content).ledger, verdicts_of(words))[0].over_claimed is over


def test_a_claim_that_went_away(read: Any, verdicts_of: Any) -> None:
    """A ledger of another time may name what is not there any more; it counts for nothing."""
    ledger = read(LEDGER).ledger
    (model,) = progress(ledger, verdicts_of({"X-001": "DISCHARGED", "X-002": "DISCHARGED"}))
    assert model.percentage == 50
    assert model.criteria[1].claims[0].word == "absent"
    assert model.criteria[1].claims[0].reasons[0].code == "unknown-claim"
