"""Numbers of the record that are something else."""

import pytest

from pv.evidence import numeric
from pv.evidence.numeric import mistyped

SOUND = {"law": "l", "worst": 0.5, "cases": 60, "seed": "12345678901234567890", "nearest_margin": "NaN", "tolerance": 1}


def test_numbers_that_are_numbers() -> None:
    """Big counts may be decimal text, readings may be infinite, and what is null or missing says nothing."""
    assert not [*mistyped(SOUND, numeric.ATTACKS)]
    assert not [*mistyped({"worst": None}, numeric.ATTACKS)]
    assert not [*mistyped({"scored": {"histogram": {"3": 7}}, "splits": {}}, numeric.DATA)]


@pytest.mark.parametrize("value", ["0.25", True, [0.25], {"worst": 0.25}, "inf", ""])
def test_a_reading_that_is_no_number(value: object) -> None:
    (said,) = mistyped({**SOUND, "worst": value}, numeric.ATTACKS)
    assert said.startswith(f"worst is {type(value).__name__} ")
    assert said.endswith(", expected a number")


def test_a_count_that_is_none_below_a_name() -> None:
    (said,) = mistyped({"scored": {"histogram": {"3": 7, "4": 0.5}}}, numeric.DATA)
    assert said == "scored.histogram.4 is float '0.5', expected a count"
    (said,) = mistyped({"splits": {"train": {"tokens": -1}}}, numeric.DATA)
    assert said == "splits.train.tokens is int '-1', expected a count"
