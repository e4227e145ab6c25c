import math
from collections.abc import Callable

import pytest

from pv.contract import names
from pv.evidence import Bundle, Quantity, quantities
from pv.methodology import ControlReading, control_readings, control_rows, control_set, readings
from pv.methodology.controls import identifier
from pv.methodology.derived import derived, tolerances

SYSTEM = "system"


def by_name(found: tuple[ControlReading, ...]) -> dict[str, ControlReading]:
    return {reading.name: reading for reading in found}


def scaled(reading: str, factor: float, evaluator: str = SYSTEM) -> Callable[[list], list]:
    """Multiply the sums of one reading."""

    def change(rows: list) -> list:
        return [
            {**row, "sum_nats": row["sum_nats"] * factor}
            if (row["reading"], row["evaluator"]) == (reading, evaluator)
            else row
            for row in rows
        ]

    return change


def like_final(*made: str) -> Callable[[list], list]:
    """Give readings the sums of the final weights: an evaluator that answers from memory."""

    def change(rows: list) -> list:
        final = {
            (row["document"]): row["sum_nats"]
            for row in rows
            if (row["reading"], row["evaluator"], row["split"]) == ("final", SYSTEM, "val-b")
        }
        return [
            {**row, "sum_nats": final[row["document"]]}
            if row["reading"] in made and row["evaluator"] == SYSTEM and row["split"] == "val-b"
            else row
            for row in rows
        ]

    return change


def without_init(tensors: dict) -> dict:
    return {name: part for name, part in tensors.items() if name not in {"init", "model"}}


def worst(law: str, value: object) -> Callable[[dict], dict]:
    def change(attacks: dict) -> dict:
        return {
            claim: tuple({**row, "worst": value} if row["law"] == law else row for row in rows)
            for claim, rows in attacks.items()
        }

    return change


def test_an_honest_run_that_alarms_a_control(honest_bundle: Bundle) -> None:
    found = control_readings("lm-loss", honest_bundle)
    assert [(one.name, one.reading, one.expected) for one in found if one.ok is not True] == []
    assert len(found) == len([control for control in control_set("lm-loss") if control.start != "drawn"]) > 40
    assert {one.item for one in found} == {*range(1, 8), 9}


DRAWN = {"config": {"init_digest": None}}
"""A run that says it had no init; of the honest bundle that is not true."""
HALF_UNKNOWN = {str(token): 100 for token in range(1, 100)} | {"0": 9900}
MISREADS = {
    "scored-top-share": {"data": lambda d: {**d, "scored": {**d["scored"], "histogram": HALF_UNKNOWN}}},
    "scored-unk-share": {"data": lambda d: {**d, "scored": {**d["scored"], "histogram": HALF_UNKNOWN}}},
    "scored-entropy": {"data": lambda d: {**d, "scored": {**d["scored"], "histogram": {"0": 32830, "1": 2}}}},
    "scored-distinct": {"data": lambda d: {**d, "scored": {**d["scored"], "histogram": {"0": 32830, "1": 2}}}},
    "scored-duplicates": {"data": lambda d: {**d, "scored": {**d["scored"], "duplicate_documents": 3}}},
    "scored-is-counted": {
        "data": lambda d: {
            **d,
            "scored": {**d["scored"], "histogram": {**d["scored"]["histogram"], "1": 5000}},
        }
    },
    "round-trip": {"data": lambda d: {**d, "round_trip": {"documents": 40, "equal": 39}}},
    "one-tokenizer": {"data": lambda d: {**d, "tokenizer_digests": {**d["tokenizer_digests"], "init": "0" * 64}}},
    "trained-unk-share": {"data": lambda d: {**d, "trained": {"histogram": HALF_UNKNOWN}}},
    "trained-entropy": {"data": lambda d: {**d, "trained": {"histogram": {"0": 32830, "1": 2}}}},
    "constant-logits": {"evals": scaled("zero", 1 / math.log(2))},
    "uniform-targets": {"evals": scaled("uniform-targets", 0.6)},
    "masked-positions": {"attacks": worst("masked-positions", 0.1)},
    "padding": {"attacks": worst("padding-invariance", 0.1)},
    "evaluated-weights": {"tensors": lambda t: {**t, "evaluated": {**t["evaluated"], "norm": t["evaluated"]["embed"]}}},
    "weights-on-disk": {"attacks": worst("weights-on-disk", 1.0)},
    "trained-weights": {
        "tensors": lambda t: {
            **t,
            "reported_final": {**t["reported_final"], "norm": t["reported_final"]["embed"]},
        }
    },
    "expected-tensors": {"tensors": lambda t: {**t, "final": {k: v for k, v in t["final"].items() if "bq" not in k}}},
    "init-tensors": {"tensors": lambda t: {**t, "final": {**t["final"], "head": t["final"]["embed"]}}},
    "init-loaded": {"tensors": lambda t: {**t, "model": {**t["model"], "norm": t["model"]["embed"]}}},
    "moved-weights": {"tensors": lambda t: {**t, "final": {**t["final"], "norm": {**t["init"]["norm"]}}}},
    "random-weights": {"evals": scaled("random", 3.0)},
    "random-above-claimed": {"evals": like_final("random")},
    "dose-0.01": {"evals": scaled("dose-0.01", 0.5)},
    "dose-0.05": {"evals": scaled("dose-0.05", 0.5)},
    "dose-0.25": {"evals": scaled("dose-0.25", 0.5)},
    "dose-1": {"evals": scaled("dose-1", 0.5)},
    "dose-response": {"evals": like_final("dose-0.01", "dose-0.05", "dose-0.25", "dose-1")},
    "shuffled-targets": {"evals": scaled("shuffled-targets", 0.3)},
    "shuffled-above-claimed": {"evals": like_final("shuffled-targets")},
    "causality": {"attacks": worst("causality", 0.2)},
    "batch-order": {"attacks": worst("batch-order", "NaN")},
    "evaluator-repeat": {"attacks": worst("evaluator-repeat", "Infinity")},
    "input-sensitivity": {"attacks": worst("input-sensitivity", 0.0)},
    "target-alignment": {"attacks": worst("target-alignment", 0.1)},
    "definition": {"attacks": worst("definition", 1e-3)},
    "tied-head": {"attacks": worst("tied-head", 0.5)},
    "overlap": {"data": lambda d: {**d, "overlap": {**d["overlap"], "val_b": 0.98}}},
    "shared-documents": {"data": lambda d: {**d, "overlap": {**d["overlap"], "shared_documents": 2}}},
    "same-documents": {
        "evals": lambda rows: [
            {**row, "tokens": row["tokens"] + (row["reading"] == "final" and row["evaluator"] == "oracle")}
            for row in rows
        ]
    },
    "oracle": {"evals": scaled("final", 1.01, "oracle")},
    "reported-loss": {"reported": lambda rows: [{**row, "loss": row["loss"] - 0.01} for row in rows]},
    "step-0-loss": {"metrics": lambda rows: [{**row, "loss": row["loss"] + 0.01 * (row["step"] == 0)} for row in rows]},
    "step-0-drawn": {"run": DRAWN, "tensors": without_init},
    "step-0-windows": {"data": lambda d: {**d, "batch": {"step": 0, "windows": 8, "found": 7}}},
    "known-source-lag-1": {"evals": scaled("lag-1", 0.9)},
    "known-source-lag-2": {"evals": scaled("lag-2", 1.2)},
    "train-windows": {"attacks": worst("window-from-corpus", 1.0)},
}


@pytest.mark.parametrize("name", [control.name for control in control_set("lm-loss")])
def test_a_control_that_cannot_read_wrong(name: str, spoil: Callable[..., Bundle]) -> None:
    """Every control has a spoilt bundle in which it alarms, and says what lies behind it."""
    reading = by_name(control_readings("lm-loss", spoil(**MISREADS[name])))[name]
    assert reading.ok is False, (reading.reading, reading.expected)
    assert reading.detail


@pytest.mark.parametrize("name", [control.name for control in control_set("lm-loss")])
def test_a_missing_quantity_that_passes(name: str, honest_bundle: Bundle) -> None:
    """A control without its quantity is not run; it is neither right nor wrong."""
    control = next(one for one in control_set("lm-loss") if one.name == name)
    found = quantities(honest_bundle)
    parts = {control.quantity} if control.quantity in found else set(found)
    left = {k: v for k, v in found.items() if k not in parts}
    reading = by_name(readings("lm-loss", left, drawn=control.start == "drawn"))[name]
    assert (reading.ok, reading.reading) == (None, None)
    assert reading.detail


def test_a_run_from_scratch_that_is_asked_for_its_init(spoil: Callable[..., Bundle]) -> None:
    """Its step 0 is held against drawn weights instead; who hides an init is found out by that loss."""
    found = quantities(spoil())
    drawn = found["loss/step0-scratch/oracle/step-0"].value
    first = {"metrics": lambda rows: [{**row, "loss": drawn} if row["step"] == 0 else row for row in rows]}
    read = by_name(control_readings("lm-loss", spoil(run=DRAWN, tensors=without_init, **first)))
    assert not {"init-tensors", "init-loaded", "step-0-loss"} & read.keys()
    assert read["step-0-drawn"].ok is True
    assert by_name(control_readings("lm-loss", spoil(run=DRAWN, tensors=without_init)))["step-0-drawn"].ok is False


def test_a_trainer_that_leaves_its_init_aside_and_says_it_had_none(spoil: Callable[..., Bundle]) -> None:
    read = by_name(control_readings("lm-loss", spoil(run=DRAWN)))
    assert {"init-tensors", "init-loaded", "step-0-loss"} < read.keys()


@pytest.mark.parametrize("config", [{}, {"init_digest": ""}, {"init_digest": "0" * 64}])
def test_a_run_that_does_not_say_it_had_no_init(config: dict, spoil: Callable[..., Bundle]) -> None:
    read = by_name(control_readings("lm-loss", spoil(run={"config": config}, tensors=without_init)))
    assert {"init-tensors", "init-loaded", "step-0-loss"} < read.keys()
    assert "step-0-drawn" not in read


def test_a_control_set_that_does_not_exist(honest_bundle: Bundle) -> None:
    assert control_readings("no-such-set", honest_bundle) == ()


def test_a_band_over_an_unknown_quantity(honest_bundle: Bundle) -> None:
    """Every name in a bound is a quantity that an honest run has."""
    found = quantities(honest_bundle)
    known = {identifier(name) for name in {**found, **derived(found), **tolerances("cpu")}}
    for control in control_set("lm-loss"):
        for end in (control.low, control.high):
            assert end is None or names(end) <= known, control.name


def test_a_band_without_vocabulary(honest_bundle: Bundle) -> None:
    """Where the band cannot be computed, the control was not run."""
    found = {name: one for name, one in quantities(honest_bundle).items() if name != "vocab_size"}
    reading = by_name(readings("lm-loss", found))["constant-logits"]
    assert reading.ok is None
    assert "vocab_size" in reading.detail


def test_a_reading_in_another_unit(honest_bundle: Bundle) -> None:
    found = dict(quantities(honest_bundle))
    found["unigram_entropy"] = Quantity(name="unigram_entropy", value=6.8, unit="bits/token")
    reading = by_name(readings("lm-loss", found))["scored-entropy"]
    assert (reading.ok, "bits/token" in reading.detail) == (None, True)


def test_bfloat16_rounding_that_is_called_a_fault(spoil: Callable[..., Bundle]) -> None:
    """What an accelerator may round is granted there, and nowhere else; the bundle's own tolerance decides nothing."""
    rounded = {"attacks": worst("causality", 5e-3), "evals": scaled("final", 1.002, "oracle")}
    device = {"device": {"platform": "gpu", "kind": "H200", "pid": 1}}
    on_gpu = by_name(control_readings("lm-loss", spoil(run=device, **rounded)))
    on_cpu = by_name(control_readings("lm-loss", spoil(**rounded)))
    assert [on_gpu[name].ok for name in ("causality", "oracle")] == [True, True]
    assert [on_cpu[name].ok for name in ("causality", "oracle")] == [False, False]


@pytest.mark.parametrize("vocabulary", [256, 2048, 32_000, 151_936])
def test_a_standard_that_depends_on_the_vocabulary(vocabulary: int) -> None:
    """Constant logits read ln V at every size, to float32 rounding, and bits never pass for nats."""
    found = {
        "vocab_size": Quantity(name="vocab_size", value=float(vocabulary), unit="ids"),
        "loss/zero/system/val-b": Quantity(name="", value=math.log(vocabulary) * (1 + 1e-6), unit="nats/token"),
        "loss/random/system/val-b": Quantity(name="", value=math.log2(vocabulary), unit="nats/token"),
    }
    read = by_name(readings("lm-loss", found))
    assert (read["constant-logits"].ok, read["random-weights"].ok) == (True, False)


def test_rows_that_json_cannot_hold(spoil: Callable[..., Bundle]) -> None:
    rows = control_rows("lm-loss", spoil(attacks=worst("causality", "NaN")))
    row = next(one for one in rows if one["name"] == "causality")
    assert (row["reading"], row["ok"], row["control_set"], row["item"]) == ("NaN", False, "lm-loss", 5)
    assert row["expected"] == "<= 0.0001 spread"


def test_laws_and_sources_that_nobody_wrote() -> None:
    controls = control_set("lm-loss")
    assert len({control.name for control in controls}) == len(controls)
    for control in controls:
        assert control.law.endswith(".")
        assert control.source
        assert control.low is not None or control.high is not None
