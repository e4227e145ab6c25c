"""The picture of a loss curve."""

import math
import xml.etree.ElementTree as ET
from itertools import pairwise

import pytest

from pv.view.svg import Level, decimate, loss_points, loss_svg

SVG = "{http://www.w3.org/2000/svg}"


def _curve(steps: int) -> list[tuple[float, float]]:
    return [(float(step), 6.0 * math.exp(-step / 100) + 1.0) for step in range(steps)]


def test_not_well_formed() -> None:
    """The picture is XML whatever the names of the levels are."""
    drawn = loss_svg(_curve(50), [Level(name="<script>&'\"\x1b", value=2.0)], title="</svg><script>alert(1)</script>")
    root = ET.fromstring(drawn)
    assert root.find(f".//{SVG}script") is None
    assert root.findtext(f"{SVG}title") == "</svg><script>alert(1)</script>"


def test_spike_lost_by_decimation() -> None:
    """Lowest and highest points survive, in order, within twice the buckets."""
    points = _curve(50_000)
    points[31_337] = (31_337.0, 99.0)
    kept = decimate(points, 100)
    assert (31_337.0, 99.0) in kept
    assert len(kept) <= 200
    assert kept == sorted(kept)


def test_short_curve_is_whole() -> None:
    """Nothing is left out where nothing need be."""
    assert decimate(_curve(7), 100) == _curve(7)


def test_large_picture() -> None:
    """A long run makes no large picture."""
    assert len(loss_svg(_curve(200_000), [], title="x")) < 20_000


@pytest.mark.parametrize(
    "points",
    [
        [],
        [(0.0, 1.0)],
        [(0.0, math.nan)],
        [(0.0, math.inf), (1.0, 2.0)],
        [(0.0, 1e308), (1.0, -1e308)],
        [(0.0, 0.0)],
    ],
    ids=["none", "one", "nan", "infinite", "huge", "zero"],
)
def test_degenerate_curve(points: list[tuple[float, float]]) -> None:
    """Any points make a picture, and no coordinate is left unset by a loss that is not finite."""
    levels = [Level(name="ln V", value=6.2), Level(name="lost", value=math.nan)]
    drawn = loss_svg(points, levels, title="x")
    ET.fromstring(drawn)
    assert "lost" not in ET.fromstring(drawn).findtext(f"{SVG}desc", "")


def test_loss_that_is_not_finite_is_marked() -> None:
    """A step without a finite loss is a mark, not a gap that nobody sees."""
    assert 'class="pv-lost"' in loss_svg([(0.0, 1.0), (1.0, math.nan)], [], title="x")


def test_rows_of_a_stranger() -> None:
    """Whatever stands in a row becomes a number or NaN."""
    rows: list[dict[str, object]] = [
        {"step": 0, "loss": 1.5},
        {"step": 1, "loss": "NaN"},
        {"step": True, "loss": None},
        {"step": 10**400, "loss": [1]},
    ]
    points = loss_points(rows)
    assert points[0] == (0.0, 1.5)
    assert all(math.isnan(loss) for _, loss in points[1:])
    assert math.isnan(points[3][0])


def test_labels_that_overlap() -> None:
    """Labels of levels with one value stand below one another, inside the picture."""
    levels = [Level(name=f"level {number}", value=0.001 * number) for number in range(6)]
    root = ET.fromstring(loss_svg(_curve(10), levels, title="x"))
    places = sorted(
        float(text.attrib["y"]) for text in root.iter(f"{SVG}text") if (text.text or "").startswith("level")
    )
    assert min(later - earlier for earlier, later in pairwise(places)) >= 14.9
    assert places[-1] <= 330
