import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pv.contract import UNITS
from pv.errors import BindingError
from pv.evidence import SERIES, Bundle, Quantity, check_series, measure, open_bundle
from pv.methodology import recomputed

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
        return measure(bundle, series, reduce, split, index, known=recomputed(bundle))

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


def scaled(reading: str, factor: float, evaluator: str = "system") -> Callable[[list[dict[str, Any]]], list[Any]]:
    """Multiply the sums of one reading on val-b."""
    which = (reading, evaluator, "val-b")
    return lambda rows: [
        {**row, "sum_nats": row["sum_nats"] * factor}
        if (row["reading"], row["evaluator"], row["split"]) == which
        else row
        for row in rows
    ]


@pytest.mark.parametrize(
    ("series", "reading"),
    [
        ("control/uniform-targets", "uniform-targets"),
        ("control/shuffled-targets", "shuffled-targets"),
    ],
)
def test_a_loss_of_an_experiment_comes_with_its_documents(
    taken: Callable[..., Quantity], series: str, reading: str
) -> None:
    honest, halved = taken(series), taken(series, evals=scaled(reading, 0.5))
    assert halved.value == pytest.approx(honest.value / 2)
    assert {document for document, _, _ in honest.clusters} == {document for document, _, _ in halved.clusters}


def test_bits_for_nats_show_in_constant_logits(taken: Callable[..., Quantity]) -> None:
    size = math.log(512)
    assert taken("control/constant-logits-apart").value < 2e-5 * size
    bits = taken("control/constant-logits-apart", evals=scaled("zero", 1 / math.log(2)))
    assert bits.value == pytest.approx(size * (1 / math.log(2) - 1), rel=1e-4)


def test_random_weights_are_compared_document_by_document(taken: Callable[..., Quantity]) -> None:
    def remembered(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        final = {
            row["document"]: row["sum_nats"] for row in rows if row["reading"] == "final" and row["split"] == "val-b"
        }
        return [{**row, "sum_nats": final[row["document"]]} if row["reading"] == "random" else row for row in rows]

    assert taken("control/random-above-claimed").value > 1
    assert taken("control/random-above-claimed", evals=remembered).value == pytest.approx(0, abs=1e-3)


@pytest.mark.parametrize("spoilt", [{"evals": scaled("final", 0.9)}, {"evals": scaled("final", 0.9, "oracle")}])
def test_the_oracle_and_another_evaluator_part(taken: Callable[..., Quantity], spoilt: dict[str, Any]) -> None:
    assert taken("control/oracle").value < 1e-3
    assert taken("control/oracle", **spoilt).value > 0.1


def test_the_oracle_and_another_report_part(taken: Callable[..., Quantity | None]) -> None:
    raised = lambda rows: [{**row, "loss": row["loss"] + 0.5} for row in rows]  # noqa: E731
    found = taken("control/oracle", reported=raised)
    assert found is not None
    assert found.value == pytest.approx(0.5, abs=1e-3)
    assert taken("control/oracle", reported=lambda rows: []) is None


@pytest.mark.parametrize("law", ["evaluator-repeat", "padding-invariance"])
@pytest.mark.parametrize("worst", [0.5, math.nan])
def test_an_evaluator_is_as_steady_as_its_worst_answer(taken: Callable[..., Quantity], law: str, worst: float) -> None:
    def unsteady(attacks: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
        said = worst if math.isfinite(worst) else "NaN"
        return {
            claim: [{**row, "worst": said} if row["law"] == law else row for row in rows]
            for claim, rows in attacks.items()
        }

    assert taken("control/evaluator-repeat").value < 1e-4
    assert taken("control/evaluator-repeat", attacks=unsteady).value == pytest.approx(worst, nan_ok=True)


def test_looks_at_the_reported_split_are_counted(taken: Callable[..., Quantity | None]) -> None:
    def again(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [*rows, next(row for row in rows if row["split"] == "val-b")]

    honest, twice = taken("run/looks_at_val_b"), taken("run/looks_at_val_b", reported=again)
    assert honest is not None
    assert twice is not None
    assert (honest.value, twice.value) == (1, 2)
    assert taken("run/looks_at_val_b", reported=lambda rows: []) is None


def test_an_unknown_series_or_reducer_lists_the_known() -> None:
    with pytest.raises(BindingError, match="eval/loss, run/device_errors"):
        check_series("eval/losses")
    with pytest.raises(BindingError, match="one of last"):
        check_series("run/wall", "mean")
    assert check_series("train/loss", "median").reducers[0] == "first"
