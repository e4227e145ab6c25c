"""A typed number agrees with a value if the value rounds to it."""

import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pv.investigation.citing import agrees


@given(st.floats(-1e6, 1e6, allow_nan=False), st.integers(1, 6))
def test_a_value_agrees_with_itself_at_any_digits(value: float, digits: int) -> None:
    assert agrees(round(value, digits), value)


@given(st.integers(-(10**6), 10**6), st.integers(1, 6), st.sampled_from([-1, 1]))
def test_more_than_half_of_the_last_digit_does_not(steps: int, digits: int, side: int) -> None:
    """A whole number is written with a zero after its point."""
    written = round(steps * 10.0**-digits, digits)
    last = 10.0 ** Decimal(repr(written)).as_tuple().exponent
    assert agrees(written, written + 0.4 * side * last)
    assert not agrees(written, written + 0.6 * side * last)


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
