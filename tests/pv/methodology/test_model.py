import math

import pytest

from pv.methodology import ControlReading


def reading(value: float | None, low: float | None = None, high: float | None = None) -> ControlReading:
    return ControlReading(name="c", control_set="s", item=1, low=low, high=high, reading=value, unit="nats/token")


@pytest.mark.parametrize(
    ("value", "low", "high", "ok"),
    [
        (None, 1.0, 2.0, None),
        (1.0, 1.0, 2.0, True),
        (2.0, 1.0, 2.0, True),
        (2.1, 1.0, 2.0, False),
        (0.9, 1.0, None, False),
        (math.nan, None, 2.0, False),
        (math.nan, 1.0, None, False),
        (math.inf, 1.0, None, True),
    ],
)
def test_a_reading_outside_its_band(
    value: float | None, low: float | None, high: float | None, ok: bool | None
) -> None:
    assert reading(value, low, high).ok is ok


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (None, None, "anything"),
        (2.0, None, ">= 2 nats/token"),
        (None, 1e-4, "<= 0.0001 nats/token"),
        (1.0, 1.0, "= 1 nats/token"),
        (6.23832, 6.23834, "6.23832 to 6.23834 nats/token"),
    ],
)
def test_a_band_in_words(low: float | None, high: float | None, words: str) -> None:
    assert reading(1.0, low, high).expected == words
