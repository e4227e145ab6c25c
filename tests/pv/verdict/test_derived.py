import json
import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from pv.verdict import BundleVerdict, derived_differences, write_derived

ID = "FALSIFY-APR-PRETRAIN-INIT-FINETUNE-005"


def test_a_verdict_that_differs_from_itself(judge: Callable[..., BundleVerdict], tmp_path: Path) -> None:
    verdicts = [judge(number=number) for number in ("001", "005")]
    write_derived(tmp_path, verdicts)
    assert derived_differences(tmp_path, verdicts) == {}
    first = (tmp_path / "derived" / "verdict.json").read_bytes()
    write_derived(tmp_path, verdicts)
    assert first == (tmp_path / "derived" / "verdict.json").read_bytes()
    findings = json.loads((tmp_path / "derived" / "findings.json").read_bytes())
    assert [one["rule"] for one in findings["claims"][ID]] == ["vacuous-bound"]


def test_an_edited_verdict_that_goes_unnoticed(judge: Callable[..., BundleVerdict], tmp_path: Path) -> None:
    verdict = judge()
    write_derived(tmp_path, [verdict])
    path = tmp_path / "derived" / "verdict.json"
    stored = json.loads(path.read_bytes())
    stored["claims"][ID]["verdict"] = "FALSIFIED"
    path.write_text(json.dumps(stored))
    assert derived_differences(tmp_path, [verdict]) == {ID: "verdict is stored as FALSIFIED"}
    path.write_text("{}")
    assert derived_differences(tmp_path, [verdict]) == {ID: "nothing is stored about it"}
    path.write_text("not JSON")
    assert "not JSON" in derived_differences(tmp_path, [verdict])[ID]


def test_a_bundle_without_derived_files(judge: Callable[..., BundleVerdict], tmp_path: Path) -> None:
    assert derived_differences(tmp_path, [judge()]) == {}


def test_numbers_that_json_cannot_hold(judge: Callable[..., BundleVerdict], tmp_path: Path) -> None:
    made = judge()
    assert made.measurement is not None
    odd = replace(made.measurement, value=math.nan, lower=-math.inf, upper=math.inf)
    verdict = replace(made, measurement=odd)
    write_derived(tmp_path, [verdict])
    stored = json.loads((tmp_path / "derived" / "verdict.json").read_bytes())["claims"][ID]["measurement"]
    assert (stored["value"], stored["lower"], stored["upper"]) == ("NaN", "-Infinity", "Infinity")
    assert derived_differences(tmp_path, [verdict]) == {}


def test_a_claim_without_measurement(judge: Callable[..., BundleVerdict], tmp_path: Path) -> None:
    verdict = judge(change={"measure": None})
    write_derived(tmp_path, [verdict])
    stored = json.loads((tmp_path / "derived" / "verdict.json").read_bytes())["claims"][ID]
    assert stored == {"verdict": "UNTESTED", "level": None, "numerically_passed": None, "measurement": None}
