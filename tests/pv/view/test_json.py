"""Payloads for programs."""

import json
from dataclasses import replace
from typing import Any

import pytest

from pv.methodology import NotJudged
from pv.verdict import BundleVerdict, ContractVerdict, Precision
from pv.view.json import bundle_payload, discharge_payload, dump, validate_payload


def test_keys_of_validate(contract_verdicts: tuple[ContractVerdict, ...]) -> None:
    """The documented keys, and the reasons of a stamp."""
    payload = validate_payload(contract_verdicts)
    contract = payload["contracts"][1]
    claim = contract["claims"][0]
    assert set(payload) == {"schema_version", "contracts", "summary"}
    assert set(contract) == {"id", "path", "version", "stamp", "claims", "reasons", "problems"}
    assert set(claim) == {
        "id", "aliases", "verdict", "level", "requires", "ship_blocking", "reasons", "findings", "bundles",
        "not_judged", "rests_on",
    }  # fmt: skip
    assert [set(reason) for reason in claim["reasons"]] == [{"code", "message"}] * 2
    assert [set(finding) for finding in claim["findings"]] == [{"rule", "severity", "message"}]
    for problem in contract["problems"]:
        assert set(problem) == {"code", "severity", "line", "column", "message", "hint"}
    assert payload["schema_version"] == "1"


def test_denominators(contract_verdicts: tuple[ContractVerdict, ...]) -> None:
    """Every claim is evaluated or untested; errors and warnings are counted apart."""
    assert validate_payload(contract_verdicts)["summary"] == {
        "contracts": 2, "claims": 3, "evaluated": 2, "untested": 1, "errors": 1, "warnings": 1
    }  # fmt: skip


def test_reason_of_a_stamp(contract_verdicts: tuple[ContractVerdict, ...]) -> None:
    """Why a stamp is below its claims' worst stands beside the problems of the file."""
    contract = validate_payload(contract_verdicts)["contracts"][1]
    assert contract["reasons"] == [{"code": "dependency-caps", "message": "apr-arch-v1 is SUSPECT"}]
    assert [problem["code"] for problem in contract["problems"]] == ["unknown-key"]


def test_finding_without_its_file(suspect: BundleVerdict) -> None:
    """A finding names the file it was found in."""
    (finding,) = discharge_payload(suspect)["findings"]
    assert finding["message"] == "one id is 99.99 % of the scored targets (raw/data.json)"


def test_keys_of_discharge(suspect: BundleVerdict) -> None:
    """The documented keys, and no others."""
    payload = discharge_payload(suspect)
    assert set(payload) == {
        "schema_version", "claim", "verdict", "level", "profile", "mutant", "measurement",
        "numerically_passed", "controls", "findings", "reasons", "bundle", "not_judged", "redispatch",
    }  # fmt: skip
    assert set(payload["measurement"]) == {
        "quantity", "value", "unit", "lower", "upper", "op", "bound", "bound_value", "precision",
    }  # fmt: skip
    assert payload["controls"] == [
        {"name": "top-share", "expected": "<= 0.5 ratio", "reading": 0.9999, "ok": False},
        {
            "name": "constant-logits",
            "expected": "6.23832 to 6.23834 nats/token",
            "reading": 6.23833,
            "ok": True,
        },
        {"name": "causality", "expected": "<= 1e-05 nats/token", "reading": None, "ok": None},
    ]
    assert payload["numerically_passed"] is True
    assert payload["verdict"] == "SUSPECT"


def test_a_rule_that_is_passed_over_in_silence(suspect: BundleVerdict) -> None:
    """What could not be judged is listed by name, with its reason."""
    left_out = replace(suspect, not_judged=(NotJudged(rule="impossible-speed", reason="the peak of cpu is not known"),))
    assert discharge_payload(left_out)["not_judged"] == [
        {"rule": "impossible-speed", "reason": "the peak of cpu is not known"}
    ]


def test_an_interval_without_its_sample(honest: BundleVerdict) -> None:
    """The sample behind an interval: its size, its confidence, and how many documents it lacks."""
    assert honest.measurement
    precision = Precision(documents=20, tokens=9000, confidence=0.975, looks=2, design_effect=10.0, needed=30)
    with_sample = replace(honest, measurement=replace(honest.measurement, precision=precision))
    assert discharge_payload(with_sample)["measurement"]["precision"] == {
        "documents": 20, "tokens": 9000, "confidence": 0.975, "looks": 2, "design_effect": 10.0,
        "effective_tokens": 900.0, "needed_documents": 30,
    }  # fmt: skip


def test_whole_bundle(suspect: BundleVerdict) -> None:
    """The larger payload adds contrasts, freshness, digest and counterexample."""
    extra = set(bundle_payload(suspect)) - set(discharge_payload(suspect))
    assert extra == {"contrasts", "fresh", "digest", "counterexample"}


def test_bundle_without_measurement(honest: BundleVerdict) -> None:
    """Nothing measured is null, not zero."""
    assert discharge_payload(replace(honest, measurement=None))["measurement"] is None


@pytest.mark.parametrize(
    ("value", "text"),
    [(float("nan"), '"NaN"'), (float("inf"), '"Infinity"'), (float("-inf"), '"-Infinity"'), (1.5, "1.5")],
)
def test_number_that_is_not_finite(value: float, text: str) -> None:
    """Every JSON reader can read it."""
    assert json.dumps(json.loads(dump({"a": [value]}))["a"]) == f"[{text}]"


def test_lone_surrogate() -> None:
    """Half a character, as a broken file name carries it, is written as an escape."""
    payload: dict[str, Any] = {"path": "\udcff"}
    assert dump(payload).isascii()
