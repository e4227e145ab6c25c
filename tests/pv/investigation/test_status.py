"""The status of a hypothesis: what is real, what explains, and what elimination can never do."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pv.investigation import Finding, Injection, Outcome, Status, Trial
from pv.investigation import Tested as Read
from pv.investigation.model import Made, Prediction
from pv.investigation.status import real_of, sentence_of, status_of, told_apart
from pv.verdict import Level

ANSWERS = (True, False, None)


def read(outcome: Outcome, level: Level | None = Level.INTEGRATION) -> Read:
    return Read(prediction=Prediction(control="overlap", reads="wrong"), outcome=outcome, level=level, said="")


def injected(planted: bool | None, removed: bool | None) -> Injection:
    trials = [Trial(how=Made(), bundle=Path("b"), value=1.0, passed=passed) for passed in (planted, removed)]
    return Injection(mutant="unk-corpus", planted=trials[0], removed=trials[1])


def finding(status: Status) -> Finding:
    return Finding(
        id="H1A", says="", status=status, level=None, real=Status.OPEN, sentence="", tested=(), injection=None
    )


def everything() -> Iterator[tuple[Status, Injection | None]]:
    yield from product(
        (Status.OPEN, Status.SUPPORTED, Status.REFUTED),
        (None, *(injected(*both) for both in product(ANSWERS, ANSWERS))),
    )


def test_only_a_defect_that_is_there_and_explains_is_confirmed() -> None:
    confirmed = [pair for pair in everything() if status_of(*pair, ()) is Status.CONFIRMED]
    assert [(real, one and (one.planted.passed, one.removed.passed)) for real, one in confirmed] == [
        (Status.SUPPORTED, (True, True))
    ]


@given(st.lists(st.sampled_from([Status.OPEN, Status.REFUTED, Status.SUPPORTED])))
def test_what_is_left_over_is_never_confirmed(below: list[Status]) -> None:
    """However many finer causes were refuted, neither the coarser one nor the last of them is confirmed."""
    found = status_of(Status.OPEN, None, [finding(one) for one in below])
    assert found is (Status.SUPPORTED if Status.SUPPORTED in below else Status.OPEN)


@given(st.lists(st.sampled_from(Status)))
def test_a_cause_is_confirmed_with_any_finer_one(below: list[Status]) -> None:
    found = status_of(Status.OPEN, None, [finding(one) for one in below])
    assert (found is Status.CONFIRMED) is (Status.CONFIRMED in below)


@given(st.lists(st.sampled_from(Outcome)), st.sampled_from(Outcome))
def test_one_failed_prediction_outweighs_any_that_held(outcomes: list[Outcome], last: Outcome) -> None:
    found = real_of([*map(read, outcomes), read(last)], Level.INTEGRATION)
    every = {*outcomes, last}
    assert (found is Status.REFUTED) is (Outcome.FAILED in every)
    assert (found is Status.OPEN) is (every == {Outcome.NOT_TRIED})


def test_evidence_below_the_level_of_the_symptom_leaves_it_open() -> None:
    below = (read(Outcome.FAILED, Level.ALGORITHM),)
    assert real_of(below, Level.INTEGRATION) is Status.OPEN
    said = sentence_of(Status.OPEN, Status.OPEN, below, None, (), Level.LIVE)
    assert said == "refuted at algorithm level, open at live level"


@pytest.mark.parametrize(
    ("real", "injection", "said"),
    [
        (Status.SUPPORTED, injected(False, None), "real, does not explain"),
        (Status.SUPPORTED, injected(True, False), "real, does not explain"),
        (Status.REFUTED, injected(False, True), "not there, and does not explain"),
        (Status.OPEN, injected(False, True), "does not explain"),
        (Status.SUPPORTED, injected(True, True), "confirmed at integration level"),
        (Status.SUPPORTED, None, "supported at integration level, not injected yet"),
        (Status.SUPPORTED, injected(True, None), "supported at integration level, no run without it yet"),
        (Status.REFUTED, None, "refuted at integration level"),
        (Status.OPEN, injected(True, True), "would explain it, not shown to be there, open at integration level"),
        (Status.OPEN, None, "open"),
    ],
)
def test_a_status_in_words(real: Status, injection: Injection | None, said: str) -> None:
    status = status_of(real, injection, ())
    assert sentence_of(status, real, (), injection, (), Level.INTEGRATION) == said


def confirmed(name: str, mutant: str) -> Finding:
    return replace(finding(Status.CONFIRMED), id=name, injection=replace(injected(True, True), mutant=mutant))


def test_rivals_that_explain_alike_are_not_told_apart() -> None:
    """Planting either brings the symptom back, so that taking one of them for the cause would be a guess."""
    parent = replace(finding(Status.CONFIRMED), id="H1", children=(confirmed("H1A", "one"), confirmed("H1B", "other")))
    (top,) = told_apart([parent], Level.INTEGRATION)
    assert [(one.status, one.sentence) for one in top.walk()] == [
        (Status.SUPPORTED, "supported by H1A, H1B"),
        (Status.SUPPORTED, "explains it, and so does H1B: not told apart by this experiment"),
        (Status.SUPPORTED, "explains it, and so does H1A: not told apart by this experiment"),
    ]
    assert [one.tied for one in top.walk()] == [False, True, True]


def test_one_cause_under_two_names_is_one() -> None:
    both = (confirmed("H1", "one"), confirmed("H2", "one"))
    assert told_apart(both, Level.INTEGRATION) == both


def test_a_finer_cause_is_no_rival_of_its_own_coarser_one() -> None:
    parent = replace(confirmed("H1", "one"), children=(confirmed("H1A", "other"),))
    assert told_apart([parent], Level.INTEGRATION) == (parent,)


def supported(name: str, mutant: str) -> Finding:
    planted = replace(injected(None, True), mutant=mutant)
    return replace(finding(Status.SUPPORTED), id=name, real=Status.SUPPORTED, injection=planted)


def test_a_supported_rival_is_planted_before_a_cause_is_confirmed() -> None:
    """Whichever of two is planted first would be taken for the cause."""
    parent = replace(finding(Status.CONFIRMED), id="H1", children=(confirmed("H1A", "one"), supported("H1B", "other")))
    (top,) = told_apart([parent], Level.INTEGRATION)
    assert [(one.status, one.sentence) for one in top.walk()][:2] == [
        (Status.SUPPORTED, "supported by H1A, H1B"),
        (Status.SUPPORTED, "explains it; its rival H1B is not tried yet"),
    ]
    assert [one.tied for one in top.walk()] == [False, False, False]


@pytest.mark.parametrize(
    "rival",
    [
        replace(supported("H2", "other"), status=Status.REFUTED),
        replace(supported("H2", "other"), status=Status.OPEN),
        replace(supported("H2", "other"), injection=None),
        supported("H2", "one"),
    ],
    ids=["refuted", "read nowhere", "no planted fault", "the same fault"],
)
def test_what_is_no_rival_to_try(rival: Finding) -> None:
    both = (confirmed("H1", "one"), rival)
    assert told_apart(both, Level.INTEGRATION) == both


def test_a_finer_cause_that_was_not_tried_is_no_rival_of_its_coarser_one() -> None:
    parent = replace(confirmed("H1", "one"), children=(supported("H1A", "other"),))
    assert told_apart([parent], Level.INTEGRATION) == (parent,)
