"""JUnit XML."""

from dataclasses import replace
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pv.verdict import Verdict
from pv.view.formats.junit import validate_junit


def test_golden(contract_verdicts: Any, same_as_golden: Any) -> None:
    same_as_golden("validate.xml", validate_junit(contract_verdicts) + "\n")


@pytest.mark.parametrize(
    ("verdict", "outcome"),
    [
        (Verdict.FALSIFIED, "failure"),
        (Verdict.SUSPECT, "error"),
        (Verdict.PARTIAL, "skipped"),
        (Verdict.UNTESTED, "skipped"),
        (Verdict.DISCHARGED, None),
    ],
)
def test_a_verdict_that_is_taken_for_another(contract_verdicts: Any, verdict: Verdict, outcome: str | None) -> None:
    """Only DISCHARGED passes, and the verdict itself stands beside every case."""
    claim = replace(contract_verdicts[1].claims[0], verdict=verdict)
    suite = ET.fromstring(validate_junit((replace(contract_verdicts[1], claims=(claim,)),)))[0]
    case = suite.findall("testcase")[1]
    assert {child.tag for child in case} == {"properties", outcome} - {None}
    properties = {entry.get("name"): entry.get("value") for entry in case.iterfind("properties/property")}
    assert properties["verdict"] == verdict.value
    assert outcome is None or case.find(outcome).get("message", "").startswith(f"{verdict}: level-below-required")


def test_an_invalid_contract_that_looks_green(contract_verdicts: Any) -> None:
    """A file that cannot be read is a suite with an error, and the counts add up."""
    root = ET.fromstring(validate_junit(contract_verdicts))
    broken, read = root.findall("testsuite")
    assert (broken.get("tests"), broken.get("errors")) == ("1", "1")
    assert "yaml-syntax" in broken.find("testcase/error").get("message")
    assert (read.get("tests"), read.get("failures"), read.get("skipped")) == ("4", "1", "2")
    for name in ("tests", "failures", "errors", "skipped"):
        assert int(root.get(name)) == sum(int(suite.get(name)) for suite in (broken, read))


@settings(max_examples=20)
@given(data=st.data())
def test_a_stranger_who_breaks_it(strangers: Any, data: Any) -> None:
    """Whatever a text holds, the document is well formed, with a case a claim and one a file."""
    verdicts = data.draw(strangers)
    root = ET.fromstring(validate_junit(verdicts).encode("utf-8"))
    assert len(root.findall("testsuite/testcase")) == sum(1 + len(verdict.claims) for verdict in verdicts)
    assert {element.tag for element in root.iter()} <= {
        "testsuites",
        "testsuite",
        "testcase",
        "properties",
        "property",
        "failure",
        "error",
        "skipped",
    }
