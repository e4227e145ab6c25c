"""`pv validate --format sarif|junit|github|markdown`."""

import json
import re
from typing import Any
from xml.etree import ElementTree as ET

import pytest

FORMS = ("text", "json", "sarif", "junit", "github", "markdown")


def spoil_nothing(site: Any) -> None:
    site.bundle()


def falsify(site: Any) -> None:
    site.bundle(run={"wall_seconds": 4000.0}, summary={"wall_seconds": 4000.0})


def alter(site: Any) -> None:
    metrics = site.bundle() / "raw" / "metrics.jsonl"
    metrics.write_bytes(metrics.read_bytes().replace(b"0", b"1", 1))


def break_contract(site: Any) -> None:
    site.contract.write_text('pv: "1"\nmetadata: {id: C-X, version: 1.0}\n')


def over_claim(site: Any) -> None:
    text = site.contract.read_text(encoding="utf-8")
    typed = "    ship_blocking: true\n    status: DISCHARGED\n"
    site.contract.write_text(text.replace("    ship_blocking: true\n", typed, 1))


def remove(site: Any) -> None:
    site.contract.unlink()


@pytest.mark.parametrize(
    ("spoil", "status"),
    [(spoil_nothing, 0), (falsify, 1), (alter, 4), (break_contract, 2), (over_claim, 4), (remove, 3)],
)
def test_a_status_that_depends_on_the_format(site: Any, pv: Any, spoil: Any, status: int) -> None:
    """Every format ends with the same status, cached or not, in any number of processes, and says the same besides."""
    spoil(site)
    ways = ((), ("--no-cache",), ("--no-cache", "-j", "1"))
    ran = [pv("validate", "contracts", "--format", form, *more) for form in FORMS for more in ways]
    ran.append(pv("validate", "contracts", "--format", "sarif", "--no-cache", "-j", "2"))
    assert {one.status for one in ran} == {status}
    assert len({one.err for one in ran}) == 1


def test_a_result_at_the_wrong_line(site: Any, pv: Any) -> None:
    """Results point at the line and column of the claim's id, as the file has it."""
    site.bundle()
    run = json.loads(pv("validate", "--format", "sarif").out)["runs"][0]
    lines = site.contract.read_text(encoding="utf-8").splitlines()
    found = [result for result in run["results"] if result["properties"]["claim"]]
    assert len({result["properties"]["claim"] for result in found}) == 7
    for result in found:
        place = result["locations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uri"] == f"contracts/{site.contract.name}"
        line = lines[place["region"]["startLine"] - 1]
        assert line[place["region"]["startColumn"] - 1 :] == result["properties"]["claim"]


def test_an_error_that_a_format_hides(site: Any, pv: Any) -> None:
    """An invalid contract is told in every format, at its line where the format has lines."""
    break_contract(site)
    results = json.loads(pv("validate", "--format", "sarif").out)["runs"][0]["results"]
    result = next(one for one in results if one["ruleId"] == "bad-version")
    assert result["level"] == "error"
    assert result["locations"][0]["physicalLocation"]["region"]["startLine"] == 2
    suite = ET.fromstring(pv("validate", "--format", "junit").out)[0]
    assert suite.get("errors") == "1"
    assert re.search(r"^::error file=contracts/\S+,line=2,", pv("validate", "--format", "github").out, re.MULTILINE)
    assert "| error | bad-version |" in pv("validate", "--format", "markdown").out


def test_claims_in_entries_that_are_none(site: Any, pv: Any) -> None:
    """In an older file whose list holds other things than claims, each result still finds its own claim."""
    site.contract.write_text(
        "metadata: {id: C-OLD, version: '1.0.0'}\nstatus: ACTIVE\nfalsification_tests:\n- 5\n- id: F-1\n"
    )
    ran = pv("validate", "--format", "sarif")
    results = json.loads(ran.out)["runs"][0]["results"]
    assert {result["ruleId"] for result in results} >= {"untested-claims"}
    assert "legacy" not in {result["ruleId"] for result in results}
