"""Every rule comes with an example on which it fires and one, nearly the same, that it spares."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pv.methodology import catalogue
from pv.verdict import Verdict

EXAMPLES = Path(__file__).parent / "examples"


@pytest.mark.parametrize("rule", list(catalogue()))
def test_a_rule_without_examples(rule: str) -> None:
    for name in ("fires", "spares"):
        file = EXAMPLES / rule / f"{name}.json"
        assert file.is_file(), f"{rule}: describe in {file.relative_to(EXAMPLES.parent)} how a bundle is spoilt"
        assert json.loads(file.read_text(encoding="utf-8"))["says"].endswith(".")


def test_examples_without_a_rule() -> None:
    assert {folder.name for folder in EXAMPLES.iterdir()} <= set(catalogue())


@pytest.mark.parametrize("rule", list(catalogue()))
def test_a_rule_that_misses_its_fault(rule: str, example: Callable[[Path], Any]) -> None:
    claim, found = example(EXAMPLES / rule / "fires.json").judge()
    assert rule in found, f"{claim.verdict}: {claim.reasons}"
    if catalogue()[rule].effect == "invalidates":
        assert claim.verdict is Verdict.SUSPECT


@pytest.mark.parametrize("rule", list(catalogue()))
def test_a_rule_that_strikes_the_innocent(rule: str, example: Callable[[Path], Any]) -> None:
    _, found = example(EXAMPLES / rule / "spares.json").judge()
    assert rule not in found


LINTS = [rule.id for rule in catalogue().values() if rule.lints]


@pytest.mark.parametrize("name", ["fires-alone", "spares-alone"])
@pytest.mark.parametrize("rule", LINTS)
def test_a_lint_that_waits_for_evidence(rule: str, name: str, example: Callable[[Path], Any]) -> None:
    """A rule that the contract alone decides fires before the first run, and leaves the claim UNTESTED."""
    claim = example(EXAMPLES / rule / f"{name}.json").judge_alone()
    assert (rule in {finding.rule for finding in claim.findings}) is (name == "fires-alone")
    assert (claim.verdict, claim.bundles) == (Verdict.UNTESTED, ())
    assert [reason.code for reason in claim.reasons] == ["no-evidence"]
