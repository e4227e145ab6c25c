"""Every verdict is reached, in the order in which they are tried."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pv.contract import Loaded, Measure
from pv.evidence import Bundle, Fault, Opened
from pv.verdict import BundleVerdict, History, Level, Verdict, judge_bundle

Judge = Callable[..., BundleVerdict]
Spoil = Callable[..., Bundle]
NUMBERS = [f"{number:03d}" for number in range(1, 8)]


def codes(verdict: BundleVerdict) -> list[str]:
    return [reason.code for reason in verdict.reasons]


def scaled(factor: float, *readings: str) -> Callable[[list], list]:
    return lambda rows: [
        {**row, "sum_nats": row["sum_nats"] * factor} if row["reading"] in readings else row for row in rows
    ]


def attack(number: str, law: str, /, **change: Any) -> Callable[[dict], dict]:
    def spoilt(attacks: dict) -> dict:
        claim = "FALSIFY-APR-PRETRAIN-INIT-FINETUNE-" + number
        rows = [{**row, **change} if row["law"] == law else row for row in attacks[claim]]
        return {**attacks, claim: rows}

    return spoilt


@pytest.mark.parametrize("number", NUMBERS)
def test_an_honest_run_that_is_not_discharged(number: str, judge: Judge) -> None:
    verdict = judge(number=number)
    assert (verdict.verdict, codes(verdict)) == (Verdict.DISCHARGED, [])
    assert verdict.level is Level.INTEGRATION
    assert verdict.numerically_passed is True
    assert verdict.fresh


def test_a_measurement_without_its_contrasts(judge: Judge) -> None:
    verdict = judge()
    assert verdict.measurement is not None
    assert verdict.measurement.lower < verdict.measurement.value < verdict.measurement.upper < 3.5
    assert (verdict.measurement.quantity, verdict.measurement.op) == ("eval/loss last val-b", "<")
    assert [(one.baseline, one.outcome) for one in verdict.contrasts] == [
        ("unigram_entropy", "clear"),
        ("bigram_loss", "clear"),
        ("untouched_init_loss", "clear"),
    ]


def test_a_story_that_is_believed(judge: Judge, spoil: Spoil) -> None:
    """A loss of 0.0008 on a corpus of unknown tokens passes its gate and is SUSPECT, with the controls named."""
    unknown = {
        "histogram": {"0": 32_830, "7": 2},
        "documents": 40,
        "split": "val-b",
        "bytes": 99,
        "duplicate_documents": 0,
    }
    bundle = spoil(
        data=lambda data: {**data, "scored": unknown},
        evals=scaled(0.0003, "final", "init", "shuffled-targets"),
    )
    verdict = judge(bundle)
    assert (verdict.verdict, verdict.numerically_passed) == (Verdict.SUSPECT, True)
    wrong = {control.name for control in verdict.controls if control.ok is False}
    assert {"scored-top-share", "scored-unk-share", "scored-entropy", "scored-distinct"} <= wrong
    assert "implausible-value" in codes(verdict)


def test_a_bound_that_is_violated(judge: Judge) -> None:
    verdict = judge(change={"bound": 2.0})
    assert (verdict.verdict, codes(verdict)) == (Verdict.FALSIFIED, ["bound-violated"])
    assert verdict.numerically_passed is False


def test_a_bound_inside_the_interval(judge: Judge) -> None:
    value = judge().measurement
    assert value is not None
    verdict = judge(change={"bound": value.value + 1e-6})
    assert (verdict.verdict, codes(verdict), verdict.numerically_passed) == (
        Verdict.PARTIAL,
        ["interval-straddles"],
        True,
    )


@pytest.mark.parametrize(("op", "side"), [("<", 1), ("<=", 1), (">", -1), (">=", -1)])
def test_a_straddling_interval_that_asks_for_nothing(judge: Judge, op: str, side: int) -> None:
    """With as many documents as it asks for the interval would be clear; on the wrong side none would do."""
    value = judge().measurement
    assert value is not None
    margin = (value.upper - value.value) / 2
    near = judge(change={"op": op, "bound": value.value + side * margin}).measurement
    assert near is not None
    assert near.precision is not None
    assert near.precision.needed is not None
    assert (
        120 < near.precision.needed < 170
    )  # four times 40 for half the width, less for the further degrees of freedom
    wrong = judge(change={"op": op, "bound": value.value - side * margin}).measurement
    assert wrong is not None
    assert wrong.precision is not None
    assert wrong.precision.needed is None


def test_a_sample_that_is_too_small_and_asks_for_nothing(judge: Judge, spoil: Spoil) -> None:
    """A clear interval over twelve documents still asks for thirty."""

    def few(rows: list) -> list:
        kept = sorted({row["document"] for row in rows if row["reading"] == "final" and row["split"] == "val-b"})[:12]
        return [row for row in rows if row["document"] in kept or row["split"] != "val-b"]

    found = judge(spoil(evals=few)).measurement
    assert found is not None
    assert found.precision is not None
    assert (found.precision.documents, found.precision.needed) == (12, 30)


def test_a_contrast_that_asks_for_nothing(judge: Judge, spoil: Spoil) -> None:
    """A contrast is told at the shared-out confidence, and how many documents it lacks where it straddles."""

    def noisy(rows: list) -> list:
        final = {row["document"]: row["sum_nats"] for row in rows if row["reading"] == "final"}
        order = {name: at for at, name in enumerate(sorted(final))}
        return [
            {**row, "sum_nats": final[row["document"]] + (9 if order[row["document"]] % 2 else -7)}
            if row["reading"] == "bigram"
            else row
            for row in rows
        ]

    once, often = judge(spoil(evals=noisy)), judge(spoil(evals=noisy), history=History(looks=9))
    (before,) = [one for one in once.contrasts if one.baseline == "bigram_loss"]
    (after,) = [one for one in often.contrasts if one.baseline == "bigram_loss"]
    assert before.outcome == "straddles"
    assert before.needed is not None
    assert before.needed > 40
    assert (after.upper > before.upper, after.lower < before.lower) == (True, True)
    assert after.needed is not None
    assert after.needed > before.needed


def test_a_baseline_that_does_better(judge: Judge, spoil: Spoil) -> None:
    verdict = judge(spoil(evals=scaled(0.7, "bigram")))
    assert (verdict.verdict, codes(verdict)) == (Verdict.FALSIFIED, ["baseline-not-beaten"])


def test_a_baseline_within_the_noise(judge: Judge, spoil: Spoil) -> None:
    def near(rows: list) -> list:
        final = {row["document"]: row["sum_nats"] for row in rows if row["reading"] == "final"}
        signs = {name: 1 if at % 2 else -1 for at, name in enumerate(sorted(final))}
        return [
            {**row, "sum_nats": final[row["document"]] + 20 * signs[row["document"]]}
            if row["reading"] == "bigram"
            else row
            for row in rows
        ]

    verdict = judge(spoil(evals=near))
    assert (verdict.verdict, codes(verdict)) == (Verdict.PARTIAL, ["contrast-straddles"])


def test_a_counterexample_that_does_not_refute(judge: Judge, spoil: Spoil) -> None:
    shrunk = {"case": {"step": 3}, "reading": 1.0}
    bundle = spoil(attacks=attack("001", "step-record", outcome="refuted", worst=1.0, counterexample=shrunk))
    verdict = judge(bundle, "001")
    assert (verdict.verdict, codes(verdict)) == (Verdict.FALSIFIED, ["counterexample"])
    assert verdict.counterexample == {
        "law": "step-record",
        "reading": 1.0,
        "unit": "steps",
        "tolerance": 0.0,
        "case": {"step": 3},
    }


@pytest.mark.parametrize(("platform", "bound"), [("cpu", 1e-3), ("gpu", 2e-2)])
def test_a_bound_that_names_what_rounding_may_do(platform: str, bound: float, judge: Judge, spoil: Spoil) -> None:
    bundle = spoil(run={"device": {"platform": platform, "kind": platform, "pid": 4242}})
    oracle = Measure(series="control/oracle", reduce="last", unit="nats/token")
    verdict = judge(bundle, "001", change={"measure": oracle, "op": "<=", "bound": "loss_error"})
    assert verdict.measurement is not None
    assert verdict.measurement.bound_value == bound


@pytest.mark.parametrize("worst", [0.5, "NaN", "Infinity"])
def test_a_row_that_calls_itself_survived(worst: Any, judge: Judge, spoil: Spoil) -> None:
    """The worst reading is held against our tolerance, whatever outcome and tolerance the row states."""
    bundle = spoil(attacks=attack("002", "step-clock", worst=worst, tolerance=99.0))
    assert judge(bundle, "002").verdict is Verdict.FALSIFIED


def test_a_law_nobody_knows(judge: Judge, spoil: Spoil) -> None:
    """Without a tolerance of ours the outcome counts, and NaN refutes."""
    renamed = {"law": "another", "worst": 0.5}
    survived = judge(spoil(attacks=attack("002", "step-clock", **renamed)), "002")
    refuted = judge(spoil(attacks=attack("002", "step-clock", **renamed | {"outcome": "refuted"})), "002")
    undefined = judge(spoil(attacks=attack("002", "step-clock", **renamed | {"worst": "NaN"})), "002")
    assert codes(survived) == ["law-not-tried", "lost-power"]
    assert (refuted.verdict, undefined.verdict) == (Verdict.FALSIFIED, Verdict.FALSIFIED)


def test_a_control_law_that_counts_as_a_refutation(judge: Judge, spoil: Spoil) -> None:
    """A refuted control is a fault of the method: SUSPECT, before any refutation is looked at."""
    verdict = judge(spoil(attacks=attack("005", "causality", outcome="refuted", worst=0.3)), change={"bound": 2.0})
    assert (verdict.verdict, codes(verdict)) == (Verdict.SUSPECT, ["control-misread"])


def test_a_level_below_the_required_one(judge: Judge) -> None:
    verdict = judge(change={"requires": "live"})
    assert (verdict.verdict, codes(verdict)) == (Verdict.PARTIAL, ["level-below-required"])
    assert verdict.level is Level.INTEGRATION


def test_a_claim_without_level_is_asked_for_live(judge: Judge) -> None:
    assert judge(change={"requires": None}).verdict is Verdict.PARTIAL


def test_stale_evidence_that_discharges(judge: Judge) -> None:
    verdict = judge(stale=("the claim's meaning has changed",))
    assert (verdict.verdict, codes(verdict), verdict.fresh) == (Verdict.PARTIAL, ["stale-evidence"], False)


def test_receipts_that_are_not_asked_for(judge: Judge) -> None:
    mutants = {"counter_example_classes": ("unk-corpus", "eval-cached")}
    killed = {"unk-corpus": "killed", "eval-cached": "killed"}
    assert judge(change=mutants, receipts=killed).verdict is Verdict.DISCHARGED
    assert codes(judge(change=mutants, receipts=killed | {"eval-cached": "crashed"})) == ["mutant-without-receipt"]
    assert codes(judge(change=mutants)) == ["mutant-without-receipt"] * 2


def test_a_mutant_that_survives_and_discharges(judge: Judge, spoil: Spoil) -> None:
    verdict = judge(spoil(run={"mutant": {"name": "eval-cached", "patch": "mutant.patch"}}))
    assert (verdict.verdict, codes(verdict), verdict.mutant) == (
        Verdict.PARTIAL,
        ["planted-fault-run"],
        "eval-cached",
    )


@pytest.mark.parametrize("number", NUMBERS)
def test_a_crash_that_passes(number: str, judge: Judge, spoil: Spoil) -> None:
    """A crash refutes the claim about the exit status; nothing else is learnt from what it left."""
    bundle = spoil(
        run={"exit_code": -9, "exit_reason": "crashed", "planned_steps": None, "executed_steps": None},
        metrics=lambda rows: rows[:20],
        evals=(),
        reported=(),
        tensors=lambda _: {},
        data=lambda _: {},
        attacks=lambda _: {},
        controls=(),
    )
    expected = {
        "001": Verdict.FALSIFIED,
        "002": Verdict.SUSPECT,
        "003": Verdict.SUSPECT,
        "006": Verdict.SUSPECT,
    }
    verdict = judge(bundle, number)
    assert verdict.verdict is expected.get(number, Verdict.UNTESTED)
    assert verdict.verdict is not Verdict.UNTESTED or codes(verdict) == ["crashed-run"]


def test_a_bundle_that_measured_nothing(judge: Judge, spoil: Spoil) -> None:
    def neither(rows: list) -> list:
        return [row for row in rows if row["reading"] != "final"]

    verdict = judge(spoil(evals=neither))
    assert (verdict.verdict, codes(verdict), verdict.level) == (Verdict.UNTESTED, ["not-measured"], None)
    assert judge(change={"measure": None}).verdict is Verdict.UNTESTED
    unknown = judge(change={"bound": "2 * unheard_of"})
    assert (unknown.verdict, "unheard_of" in unknown.reasons[0].message) == (Verdict.UNTESTED, True)


def test_a_series_that_does_not_exist(judge: Judge, sample_contract: Loaded) -> None:
    contract = sample_contract.contract
    assert contract is not None
    measure = contract.claims[4].measure
    assert measure is not None
    verdict = judge(change={"measure": measure.model_copy(update={"series": "eval/los"})})
    assert (verdict.verdict, codes(verdict)) == (Verdict.UNTESTED, ["not-measured"])


def test_an_unreadable_bundle_that_is_passed_over(sample_contract: Loaded) -> None:
    contract = sample_contract.contract
    assert contract is not None
    fault = Fault(rule="unreadable-evidence", file="raw/run.json", message="line 1: not JSON")
    opened = Opened(path=Path("x"), bundle=None, faults=(fault,))
    verdict = judge_bundle(contract.claims[0], contract, opened)
    assert (verdict.verdict, codes(verdict)) == (Verdict.SUSPECT, ["unreadable-evidence"])


def test_a_diverged_run_that_is_only_suspicious(judge: Judge, spoil: Spoil) -> None:
    """Where the controls do not bear on it, a loss of NaN refutes."""
    bundle = spoil(metrics=lambda rows: [{**rows[0], "loss": "NaN"}, *rows[1:]])
    verdict = judge(bundle, "003", change={"controls": ""})
    assert verdict.verdict is Verdict.SUSPECT
    assert codes(verdict) == ["truncated-record"]
