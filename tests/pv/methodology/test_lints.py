"""Bounds that show nothing: what finds each sort, and that today's verdicts stay."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from pv.contract import load
from pv.methodology import Case, Effect, audit, catalogue

SOURCE = Path(__file__).parents[3] / "contracts" / "apr-pretrain-init-finetune-v1.yaml"
LINTS = ("vacuous-bound", "one-sided-bound", "single-statistic", "post-hoc-lock", "loosened-bound")


def test_a_sort_of_bound_that_nothing_hunts() -> None:
    assert set(LINTS) <= set(catalogue())


@pytest.mark.parametrize("number", [f"{number:03d}" for number in range(1, 8)])
def test_a_lint_that_changes_the_main_claims(number: str, case_of: Callable[..., Case]) -> None:
    """On the claims of the main contract the lints note at most."""
    found = [finding for finding in audit(case_of(number)).findings if finding.rule in LINTS]
    assert [finding for finding in found if finding.effect is not Effect.NOTES] == []


def test_a_deviation_that_is_taken_for_a_loss(case_of: Callable[..., Case]) -> None:
    """The largest deviation that an attack found is one-sided by nature, and 0 is best."""
    claim = case_of("005").claim
    assert claim.measure is not None
    measure = claim.measure.model_copy(update={"series": "attack/ce-shift", "reduce": "max", "split": ""})
    bare = claim.model_copy(update={"measure": measure, "plausible": None, "controls": "", "below": ()})
    case = replace(case_of("005"), claim=bare, controls=())
    assert {finding.rule for finding in audit(case).findings} & {"one-sided-bound", "single-statistic"} == set()


def test_a_claim_without_a_unit(tmp_path: Path) -> None:
    """A measure without its unit is a problem of the contract: no such claim is ever judged."""
    text = SOURCE.read_text(encoding="utf-8")
    file = tmp_path / SOURCE.name
    file.write_text(text.replace("reduce: last, unit: nats/token, split: val-b", "reduce: last, split: val-b"))
    loaded = load(file)
    assert ("missing-key", "error") in {(problem.code, problem.severity) for problem in loaded.problems}
    assert loaded.contract is None
