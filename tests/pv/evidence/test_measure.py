import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pv.contract import UNITS
from pv.errors import BindingError
from pv.evidence import SERIES, Bundle, Quantity, check_series, measure, open_bundle

MakeBundle = Callable[..., Path]


@pytest.fixture(scope="module")
def taken(make_bundle: MakeBundle) -> Callable[..., Quantity | None]:
    def take(
        series: str,
        reduce: str | None = None,
        *,
        index: int | None = None,
        split: str | None = None,
        **spoilt: Any,
    ) -> Any:
        bundle = open_bundle(make_bundle(**spoilt)).bundle
        assert isinstance(bundle, Bundle)
        return measure(bundle, series, reduce, split, index)

    return take


ON_A_CARD = {"device/resident_share", "run/model_flops_utilisation"}
"""What only a run on a GPU has; the honest bundle is of a CPU."""


@pytest.mark.parametrize("series", sorted(SERIES.keys() - ON_A_CARD))
def test_every_series_reads_the_honest_bundle(taken: Callable[..., Quantity], series: str) -> None:
    found = taken(series)
    assert found.unit == SERIES[series].unit
    assert found.unit in UNITS
    assert found.name.startswith(f"{series} last")
    assert found.source.startswith("raw/")


@pytest.mark.parametrize(
    ("reduce", "index", "name"),
    [
        ("first", None, "first"),
        ("last", None, "last"),
        ("at", 7, "at 7"),
        ("mean", None, "mean"),
        ("median", None, "median"),
    ],
)
def test_a_reducer_says_what_it_leaves_out(
    taken: Callable[..., Quantity], reduce: str, index: int | None, name: str
) -> None:
    ramp = lambda rows: [{**row, "loss": float(row["step"] ** 2)} for row in rows[:5]]  # noqa: E731
    expected = {"first": 0.0, "last": 16.0, "at": None, "mean": 6.0, "median": 4.0}[reduce]
    found = taken("train/loss", reduce, index=index, metrics=ramp)
    if expected is None:
        assert found is None
        found = taken("train/loss", reduce, index=3, metrics=ramp)
        assert (found.value, found.name) == (9.0, "train/loss at 3")
    else:
        assert (found.value, found.name) == (expected, f"train/loss {name}")
    assert found.source.endswith("all 5 steps" if reduce in {"mean", "median"} else "4 other steps left out")


def test_first_is_step_zero_and_nothing_else(taken: Callable[..., Quantity | None]) -> None:
    assert taken("train/loss", "first", metrics=lambda rows: rows[1:]) is None
    assert taken("train/loss", metrics=lambda rows: []) is None


@pytest.mark.parametrize("reduce", ["min", "max", "mean", "median"])
def test_a_loss_that_is_not_a_number_is_not_averaged_away(taken: Callable[..., Quantity], reduce: str) -> None:
    spoilt = lambda rows: [*rows[:9], {**rows[9], "loss": "NaN"}, *rows[10:]]  # noqa: E731
    assert math.isnan(taken("train/loss", reduce, metrics=spoilt).value)


def test_the_oracle_is_believed_only_where_it_read_every_document(taken: Callable[..., Quantity]) -> None:
    def shrunk(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        at = next(index for index, row in enumerate(rows) if row["evaluator"] == "oracle")
        return [*rows[:at], *rows[at + 1 :]]

    assert taken("eval/loss").source.endswith("oracle, 40 documents")
    assert taken("eval/loss", evals=shrunk).source.endswith("system, 40 documents")
    assert taken("eval/loss", split="val-a").source.endswith("system, 40 documents")
    assert taken("eval/loss", split="val-a").name == "eval/loss last val-a"


def test_a_part_that_was_not_evaluated_measures_nothing(taken: Callable[..., Quantity | None]) -> None:
    assert taken("checkpoint/mismatches", tensors={"evaluated": {}}) is None
    assert taken("eval/loss", evals=lambda rows: []) is None
    assert taken("step0/scratch_loss", evals=lambda rows: []) is None
    assert taken("run/exit_status", run={"exit_code": None}) is None


def test_mismatches_are_the_union_of_form_and_content(taken: Callable[..., Quantity]) -> None:
    def spoil(tensors: dict[str, Any]) -> dict[str, Any]:
        final = {name: row for name, row in tensors["final"].items() if name != "norm"}
        evaluated = {**final, "embed": {**final["embed"], "digest": "x"}}
        return {**tensors, "final": final, "evaluated": evaluated}

    assert taken("checkpoint/mismatches", tensors=spoil).value == 2


def test_an_unknown_series_or_reducer_lists_the_known() -> None:
    with pytest.raises(BindingError, match="eval/loss, run/device_errors"):
        check_series("eval/losses")
    with pytest.raises(BindingError, match="one of last"):
        check_series("run/wall", "mean")
    assert check_series("train/loss", "median").reducers[0] == "first"
