"""SARIF 2.1.0."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from pv.methodology import catalogue
from pv.verdict import Verdict
from pv.view.formats import sarif
from pv.view.formats.sarif import validate_sarif
from pv.view.pages import pages

SUBSET = json.loads((Path(__file__).parent / "sarif-2.1.0-subset.json").read_text(encoding="utf-8"))
TYPES = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool}


def departures(value: Any, schema: dict[str, Any], at: str = "") -> list[str]:
    """Every way in which a value departs from the restated schema."""
    schema = SUBSET["parts"][schema["use"]] if "use" in schema else schema
    if "enum" in schema:
        return [] if value in schema["enum"] else [f"{at}: {value!r} is not in {schema['enum']}"]
    if not isinstance(value, TYPES[schema["type"]]):
        return [f"{at}: {value!r} is no {schema['type']}"]
    return CHECKS[schema["type"]](value, schema, at)


def _object(value: dict[str, Any], schema: dict[str, Any], at: str) -> list[str]:
    known = schema.get("properties", {})
    found = [f"{at}: lacks {key}" for key in schema.get("required", ()) if key not in value]
    found += [f"{at}: {key} is unknown" for key in value if schema.get("closed") and key not in known]
    inner = {key: known.get(key, schema.get("values")) for key in value}
    return found + [one for key in value if inner[key] for one in departures(value[key], inner[key], f"{at}.{key}")]


def _array(value: list[Any], schema: dict[str, Any], at: str) -> list[str]:
    found = [f"{at}: {len(value)} entries"] * (len(value) > schema.get("maxItems", len(value)))
    if schema.get("uniqueItems") and len({json.dumps(item) for item in value}) < len(value):
        found.append(f"{at}: an entry is given twice")
    return found + [
        one for place, item in enumerate(value) for one in departures(item, schema["items"], f"{at}[{place}]")
    ]


def _string(value: str, schema: dict[str, Any], at: str) -> list[str]:
    wrong = len(value) < schema.get("minLength", 0) or not re.search(schema.get("pattern", ""), value)
    return [f"{at}: {value!r}"] * wrong


def _integer(value: int, schema: dict[str, Any], at: str) -> list[str]:
    return [f"{at}: {value}"] * (value < schema.get("minimum", value))


CHECKS = {"object": _object, "array": _array, "string": _string, "integer": _integer, "boolean": lambda *_: []}


def test_golden(contract_verdicts: Any, same_as_golden: Any, frozen: None) -> None:
    """The rules are shown once elsewhere; the rest is the file."""
    payload = json.loads(validate_sarif(contract_verdicts, lambda _path, index: (40 + index, 9)))
    assert departures(payload, SUBSET) == []
    rules = payload["runs"][0]["tool"]["driver"].pop("rules")
    for result in payload["runs"][0]["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        result["ruleIndex"] = "INDEX"
    same_as_golden("validate.sarif", json.dumps(payload, indent=2) + "\n")


def test_a_checker_that_passes_anything(contract_verdicts: Any) -> None:
    """The restated schema refuses what the standard refuses."""
    payload = json.loads(validate_sarif(contract_verdicts))
    result = payload["runs"][0]["results"][0]
    for spoilt in ({"level": "fatal"}, {"message": {}}, {"ruleIndex": "0"}, {"line": 3}):
        payload["runs"][0]["results"][0] = {**result, **spoilt}
        assert departures(payload, SUBSET), spoilt


def test_a_rule_that_is_not_declared(contract_verdicts: Any) -> None:
    """Every rule is declared, fired or not."""
    rules = json.loads(validate_sarif(()))["runs"][0]["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == list(pages())
    assert set(catalogue()) <= {rule["id"] for rule in rules}
    fired = json.loads(validate_sarif(contract_verdicts))["runs"][0]["tool"]["driver"]["rules"]
    assert fired[: len(rules)] == rules
    assert [rule["id"] for rule in fired[len(rules) :]] == ["dependency-caps", "yaml-syntax"]


def fingerprints(text: str) -> list[str]:
    return [result["partialFingerprints"]["contractClaimRule/v1"] for result in json.loads(text)["runs"][0]["results"]]


def test_a_fingerprint_that_moves(contract_verdicts: Any) -> None:
    """Neither the line, the file nor the wording of a reason changes it; another claim does."""
    before = fingerprints(validate_sarif(contract_verdicts[1:]))
    assert len(set(before)) == len(before)
    reworded = [
        replace(claim, reasons=tuple(replace(reason, message="otherwise") for reason in claim.reasons))
        for claim in contract_verdicts[1].claims
    ]
    moved = replace(contract_verdicts[1], path=Path("contracts/c.yaml"), claims=tuple(reworded))
    assert fingerprints(validate_sarif((moved,), lambda _path, index: (90 + index, 1))) == before


def test_more_results_than_a_run_holds(many: Any, monkeypatch: Any) -> None:
    """The worst are kept, and it is said how many were dropped."""
    monkeypatch.setattr(sarif, "MOST_RESULTS", 40)
    payload = json.loads(validate_sarif(many))
    run = payload["runs"][0]
    assert [result["level"] for result in run["results"]] == ["error"] * 30 + ["warning"] * 10
    notes = run["invocations"][0]["toolExecutionNotifications"]
    assert notes[0]["message"]["text"].startswith("20 of 60 results were left out")
    assert departures(payload, SUBSET) == []


def test_a_claim_that_passed(contract_verdicts: Any) -> None:
    """A claim without reasons and findings has no result."""
    passed = replace(contract_verdicts[1].claims[0], verdict=Verdict.DISCHARGED, reasons=(), findings=())
    alone = replace(contract_verdicts[1], claims=(passed,), problems=(), reasons=())
    assert fingerprints(validate_sarif((alone,))) == []


@settings(max_examples=20)
@given(data=st.data())
def test_a_stranger_who_breaks_it(strangers: Any, data: Any) -> None:
    """Whatever a text holds, the file is JSON, encodes as UTF-8, and keeps to the schema."""
    text = validate_sarif(data.draw(strangers))
    payload = json.loads(text.encode("utf-8"))
    assert departures(payload, SUBSET) == []
    ids = [rule["id"] for rule in payload["runs"][0]["tool"]["driver"]["rules"]]
    assert all(ids[result["ruleIndex"]] == result["ruleId"] for result in payload["runs"][0]["results"])
