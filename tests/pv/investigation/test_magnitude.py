"""A law about magnitudes: a cause must account for three quarters of the way from what was expected."""

import math

from hypothesis import assume, given
from hypothesis import strategies as st

from pv.investigation.magnitude import SHARE, nearest_end, same_magnitude
from pv.investigation.model import Band

READINGS = st.floats(-1e6, 1e6, allow_nan=False)
POSITIVE = st.floats(1e-6, 1e6)


@given(READINGS, READINGS, st.floats(0, 1e3))
def test_the_band_holds_the_symptom_and_nothing_that_was_expected(symptom: float, low: float, width: float) -> None:
    expected = Band(low=low, high=low + width, unit="1")
    assume(not expected.holds(symptom) and abs(nearest_end(symptom, expected) - symptom) > 1e-6)
    band = same_magnitude(symptom, expected)
    assert band.holds(symptom)
    assert not band.holds(nearest_end(symptom, expected))
    assert not expected.holds(band.low)
    assert not expected.holds(band.high)


@given(st.floats(allow_nan=False, allow_infinity=False), st.floats(allow_nan=False, allow_infinity=False))
def test_whatever_the_numbers_the_ends_are_finite(symptom: float, end: float) -> None:
    band = same_magnitude(symptom, Band(low=end, high=end, unit="1"))
    assert band.holds(symptom)


@given(POSITIVE, POSITIVE, st.floats(1e-3, 1e3))
def test_positive_readings_scale(symptom: float, end: float, factor: float) -> None:
    """The same in another unit: what counts is the ratio."""
    assume(symptom < 0.9 * end)
    one = same_magnitude(symptom, Band(low=end, unit="1"))
    other = same_magnitude(symptom * factor, Band(low=end * factor, unit="1"))
    assert math.isclose(other.low, one.low * factor, rel_tol=1e-9)
    assert math.isclose(other.high, one.high * factor, rel_tol=1e-9)


def test_the_loss_of_the_story() -> None:
    """0.0008 against 0.3: what reads 0.0035 is of its magnitude, what reads 0.0036 is not."""
    band = same_magnitude(0.0008, Band(low=0.3, high=6.0, unit="nats/token"))
    assert math.isclose(band.high, 0.0008 * (0.3 / 0.0008) ** SHARE)
    assert (band.holds(0.0035), band.holds(0.0036), band.holds(0.00017)) == (True, False, False)


def test_counts_from_nothing_are_measured_in_differences() -> None:
    band = same_magnitude(6.0, Band(high=0.0, unit="tensors"))
    assert (band.low, band.high) == (4.5, 7.5)


def test_a_tolerance_that_is_given_is_the_band() -> None:
    given_band = Band(low=0.0005, high=0.001, unit="nats/token")
    assert same_magnitude(0.0008, Band(low=0.3, unit="nats/token"), given_band) is given_band


def test_nan_lies_in_no_band() -> None:
    assert not Band(unit="1").holds(math.nan)
