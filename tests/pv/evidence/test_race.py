"""What two sides measured in turns is made into."""

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pv.errors import BindingError
from pv.evidence import Bundle, Quantity, check_series, measure, open_bundle, quantities

MakeBundle = Callable[..., Path]
SIZE = "qwen2.5-coder-0.5b:16x1024"
SERIES = f"race/{SIZE}"
SECONDS = {"aprtrain": (9.0, 2.0, 2.1, 2.0), "peer": (30.0, 3.0, 2.5, 2.4)}


def turns(side: str, **other: Any) -> list[dict[str, Any]]:
    return [
        {
            "size": SIZE,
            "side": side,
            "devices": 1,
            "turn": turn,
            "tokens": 16_384,
            "steps": 2,
            "seconds": seconds,
            "losses": [12.0 - turn, 11.5 - turn],
            **other,
        }
        for turn, seconds in enumerate(SECONDS[side])
    ]


@pytest.fixture
def taken(make_bundle: MakeBundle) -> Callable[..., Quantity | None]:
    def take(*rows: dict[str, Any]) -> Quantity | None:
        text = "".join(f"{json.dumps(row)}\n" for row in rows)
        bundle = open_bundle(make_bundle(edit=lambda raw: (raw / "race.jsonl").write_text(text))).bundle
        assert isinstance(bundle, Bundle)
        return measure(bundle, SERIES, known=quantities(bundle))

    return take


def test_the_ratio_is_the_median_of_the_turns_after_the_first(taken: Callable[..., Quantity]) -> None:
    found = taken(*turns("aprtrain"), *turns("peer"))
    assert found.value == pytest.approx(1.2)  # of 1.5, 1.19 and 1.2
    assert (found.unit, found.name) == ("ratio", f"{SERIES} last")
    assert found.source == "raw/race.jsonl: median of 3 turns of each side, the first left out"


@pytest.mark.parametrize(
    "spoilt",
    [{"losses": [11.0, 10.0]}, {"tokens": 8192}, {"steps": 3}, {"devices": 2}, {"losses": None}, {"seconds": None}],
)
def test_other_work_has_no_ratio(taken: Callable[..., Quantity], spoilt: dict[str, Any]) -> None:
    assert math.isnan(taken(*turns("aprtrain"), *turns("peer", **spoilt)).value)


def test_roundings_may_grow_after_the_steps_that_are_compared(taken: Callable[..., Quantity]) -> None:
    long = {"steps": 25, "losses": [12.0] * 25}
    later = [row if row["turn"] == 0 else {**row, "losses": [11.0] * 25} for row in turns("peer", **long)]
    assert taken(*turns("aprtrain", **long), *later).value == pytest.approx(1.2)
    first = [{**row, "losses": [11.0] * 25} for row in turns("peer", **long)]
    assert math.isnan(taken(*turns("aprtrain", **long), *first).value)


def test_a_turn_too_few_has_no_ratio(taken: Callable[..., Quantity]) -> None:
    assert math.isnan(taken(*turns("aprtrain"), *turns("peer")[:-1]).value)


def test_one_side_alone_is_no_race(taken: Callable[..., Quantity | None]) -> None:
    assert taken(*turns("aprtrain")) is None
    assert taken(*turns("peer")) is None


def test_a_race_has_one_median() -> None:
    assert check_series(SERIES, "last").unit == "ratio"
    with pytest.raises(BindingError, match="its turns have one median"):
        check_series(SERIES, "max")
