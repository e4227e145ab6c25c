"""A typed number agrees with a value if the value rounds to it."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pv.investigation.citing import agrees


@given(st.floats(-1e6, 1e6, allow_nan=False), st.integers(1, 6))
def test_a_value_agrees_with_itself_at_any_digits(value: float, digits: int) -> None:
    assert agrees(round(value, digits), value)


@given(st.integers(-(10**6), 10**6), st.integers(1, 6))
def test_one_more_at_the_last_digit_does_not(steps: int, digits: int) -> None:
    """A whole number is written with a zero after its point."""
    unit = 10.0 ** -max(1, digits)
    written = round(steps * unit, digits)
    decimals = max(1, len(repr(written).partition(".")[2])) if "e" not in repr(written) else digits
    assert not agrees(written, written + 0.6 * 10.0**-decimals)


@pytest.mark.parametrize(
    ("written", "value", "same"),
    [
        (0.0025, 0.00254, True),
        (0.0025, 0.00256, False),
        (0.9997, 0.999741, True),
        (2.0, 2.04, True),
        (1e-05, 1.4e-05, True),
        (1.0, math.nan, False),
        (1.0, math.inf, False),
    ],
)
def test_readings(written: float, value: float, same: bool) -> None:
    assert agrees(written, value) is same
