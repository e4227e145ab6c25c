"""Intervals against bounds."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pv.verdict import Measurement
from pv.verdict.measuring import holds, outcome


def measured(low: float, value: float, high: float, op: str, bound: float) -> Measurement:
    return Measurement(
        quantity="q", value=value, unit="1", lower=low, upper=high, op=op, bound=str(bound), bound_value=bound
    )


@pytest.mark.parametrize(
    ("op", "low", "high", "expected"),
    [
        ("<", 1.0, 1.9, "clear"),
        ("<", 1.0, 2.0, "straddles"),
        ("<", 2.0, 3.0, "wrong"),
        ("<=", 1.0, 2.0, "clear"),
        ("<=", 2.0, 3.0, "straddles"),
        ("<=", 2.1, 3.0, "wrong"),
        (">", 2.1, 3.0, "clear"),
        (">", 2.0, 3.0, "straddles"),
        (">", 1.0, 2.0, "wrong"),
        (">=", 2.0, 3.0, "clear"),
        (">=", 1.0, 2.0, "straddles"),
        (">=", 1.0, 1.9, "wrong"),
        ("==", 2.0, 2.0, "clear"),
        ("==", 1.0, 3.0, "straddles"),
        ("==", 2.5, 3.0, "wrong"),
        ("==", 1.0, 1.0, "wrong"),
        ("<", -math.inf, math.inf, "straddles"),
    ],
)
def test_an_interval_on_the_wrong_side(op: str, low: float, high: float, expected: str) -> None:
    middle = (low + high) / 2 if math.isfinite(low + high) else 0.0
    assert outcome(measured(low, middle, high, op, 2.0)) == expected


@given(st.sampled_from(["<", "<=", ">", ">=", "=="]), st.floats(allow_infinity=True))
def test_nan_that_passes(op: str, bound: float) -> None:
    assert outcome(measured(math.nan, math.nan, math.nan, op, bound)) == "wrong"
    assert not holds(math.nan, op, bound)


@given(
    st.sampled_from(["<", "<=", ">", ">=", "=="]),
    st.floats(-10, 10),
    st.floats(0, 5),
    st.floats(0, 5),
    st.floats(-10, 10),
)
def test_an_interval_that_contradicts_its_value(op: str, value: float, left: float, right: float, bound: float) -> None:
    """Clear implies that the value passes, wrong that it fails."""
    found = outcome(measured(value - left, value, value + right, op, bound))
    assert found != "clear" or holds(value, op, bound)
    assert found != "wrong" or not holds(value, op, bound)
