"""What a bisection found is said in full, and drawn."""

import dataclasses
import json
import math
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from pv.bisect import Bisection, Gap, Request, Smallest, SystemName, Trial
from pv.view.bisect import bisect_payload, bisect_text, spans
from pv.view.distance_plot import distance_svg
from pv.view.json import dump
from pv.view.layout import Screen

NEAR = tuple(Gap(name=f"layers.{layer}.q", distance=1e-8 * layer, budget=1e-6) for layer in range(1, 30))
FAR = Gap(name="layers.30.k", distance=0.25, budget=1e-6, positions=(1, 2, 3, 7))
LATER = tuple(Gap(name=f"layers.{layer}.q", distance=0.5, budget=2e-6, positions=(1,)) for layer in range(31, 40))
CLEAN = Bisection(
    request=Request(
        first=SystemName(text="aprtrain:run?mutant=x", kind="aprtrain", path=Path("run")),
        second=SystemName(text="oracle:run", kind="oracle", path=Path("run")),
    ),
    dtypes=("float32", "float64"),
    platforms=("gpu", "cpu"),
    tokens=tuple(range(8)),
    inputs=50,
    gaps=NEAR[:9],
)
FOUND = dataclasses.replace(
    CLEAN,
    gaps=(*NEAR, FAR, *LATER),
    smallest=Smallest(tokens=(0, 0), gap=dataclasses.replace(FAR, positions=(1,)), tries=12),
    trial=Trial(tensors=("layers.30.wk",), budget=1e-6, symptom=0.5, removed=0.0, planted=0.5),
)


def test_a_divergence_is_said_otherwise() -> None:
    text = bisect_text(FOUND, Screen(width=200))
    assert "first divergence: layers.30.k, by 0.25 of its norm, 2.5e+05 times the budget" in text
    assert "at positions 1-3, 7 of 8 tokens" in text
    assert "smallest input: 2 tokens: 0 0; there by 0.25, at positions 1 (12 inputs tried)" in text
    assert "symptom 0.5, without layers.30.wk 0, planted alone 0.5: confirmed" in text
    assert "float32 on gpu" in text
    shown = [line.split()[0] for line in text.splitlines() if line.startswith("layers.")]
    assert shown == [*(f"layers.{layer}.q" for layer in range(24, 30)), "layers.30.k", *(x.name for x in LATER[:3])]
    unsought = bisect_text(dataclasses.replace(FOUND, smallest=None), Screen())
    assert "not sought" in unsought


def test_a_clean_comparison_alarms() -> None:
    text = bisect_text(CLEAN, Screen(width=200))
    assert "no divergence beyond the budget: 9 operations, 50 inputs; nearest is layers.9.q, 0.09 of its budget" in text
    assert "smallest" not in text


def test_the_payload_says_something_else() -> None:
    found = json.loads(dump(bisect_payload(FOUND)))
    assert found["first_divergence"] == {"operation": "layers.30.k", "distance": 0.25, "budget": 1e-6} | {
        "positions": [1, 2, 3, 7]
    }
    assert [one["operation"] for one in found["operations"]] == [gap.name for gap in FOUND.gaps]
    assert found["smallest"]["tokens"] == [0, 0]
    assert found["trial"]["state"] == "confirmed"
    clean = bisect_payload(CLEAN)
    assert (clean["first_divergence"], clean["smallest"], clean["trial"], clean["inputs"]) == (None, None, None, 50)


@pytest.mark.parametrize(
    ("positions", "text"), [((), ""), ((3,), "3"), ((1, 2, 3), "1-3"), ((0, 2, 3, 9), "0, 2-3, 9")]
)
def test_a_span_is_another(positions, text) -> None:
    assert spans(positions) == text


@pytest.mark.parametrize(
    "gaps",
    [
        FOUND.gaps,
        CLEAN.gaps,
        (Gap(name="<embed>", distance=0.0, budget=0.0),),
        (Gap(name="embed", distance=math.nan, budget=math.inf), Gap(name="norm", distance=math.inf, budget=1e-30)),
    ],
)
def test_the_plot_is_no_picture(gaps) -> None:
    found = dataclasses.replace(FOUND, gaps=gaps)
    root = ET.fromstring(distance_svg(found))
    circles = root.findall("{http://www.w3.org/2000/svg}circle")
    assert len(circles) == len(gaps)
    assert [circle.get("class") for circle in circles] == ["pv-far" if gap.diverges else "pv-near" for gap in gaps]
    assert all(28 <= float(circle.get("cy")) <= 320 for circle in circles)
    named = [text.text for text in root.findall("{http://www.w3.org/2000/svg}text")]
    assert [gap.name for gap in gaps if gap.diverges][:1] == [name for name in named if name in {g.name for g in gaps}]
