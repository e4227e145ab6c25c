"""When a reading has the magnitude of a symptom.

A cause is confirmed if it brings the *magnitude* back, not merely something odd: a reading may lie a quarter of the way
from the symptom to the nearest reading that was expected, on either side. A cause of which more than a quarter were
missing would leave room for a second one as large as the missing part; with three quarters there, no other cause can
explain as much. Where both numbers are positive the way is measured in ratios, since a loss of 0.0008 is as far from
0.08 as that is from 8; else in differences.
"""

import math
import sys

from pv.investigation.model import Band

SHARE = 0.25
"""Of the way from the symptom to what was expected."""


def same_magnitude(symptom: float, expected: Band, tolerance: Band | None = None) -> Band:
    """Return the band of readings that have a symptom's magnitude.

    Args:
        symptom: What read wrong; finite, and outside of what was expected.
        expected: Where it was expected, in the same unit.
        tolerance: The band, where the investigation gives one.
    """
    if tolerance is not None:
        return tolerance
    end = nearest_end(symptom, expected)
    if symptom > 0 and end > 0:
        reach = math.exp(SHARE * abs(math.log(end) - math.log(symptom)))
        return _band(symptom / reach, symptom * reach, expected.unit)
    away = abs(SHARE * end - SHARE * symptom)
    return _band(symptom - away, symptom + away, expected.unit)


def _band(low: float, high: float, unit: str) -> Band:
    """A band whose ends are finite, as a band's must be."""
    largest = sys.float_info.max
    return Band(low=max(low, -largest), high=min(high, largest), unit=unit)


def nearest_end(symptom: float, expected: Band) -> float:
    """Return the expected reading that is nearest to one outside of the band."""
    if expected.low is not None and symptom < expected.low:
        return expected.low
    return symptom if expected.high is None else expected.high
