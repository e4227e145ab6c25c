"""What is accepted without a base."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from pv.change.tree import Side
from pv.contract import Loaded, Problem
from pv.evidence import Opened
from pv.policy import Policy, decide
from pv.verdict import Verdict

SideOf = Callable[..., Side]
PARTIAL, DISCHARGED = Verdict.PARTIAL, Verdict.DISCHARGED
CONTRACT = "C-APR-PRETRAIN-INIT-FINETUNE"


@pytest.mark.parametrize(
    ("kinds", "stamp", "status"),
    [
        ([], PARTIAL, 3),
        (["honest"], DISCHARGED, 0),
        (["honest"], PARTIAL, 0),
        (["mutant"], PARTIAL, 3),
        (["refuting"], PARTIAL, 1),
        (["suspect"], PARTIAL, 4),
        (["honest", "altered"], PARTIAL, 4),
    ],
)
def test_stamps(side_of: SideOf, openeds: dict[str, Opened], kinds: list[str], stamp: Verdict, status: int) -> None:
    verdicts = side_of([openeds[kind] for kind in kinds]).verdicts
    found = decide(Policy(require=stamp), verdicts)
    assert found.exit_status == status, found.refusals
    assert [row.met for row in found.selected] == [status == 0]


@pytest.mark.parametrize(
    "policy",
    [
        Policy(),
        Policy(contracts={"C-OTHER-*": PARTIAL}),
        Policy(tags={"kernel": PARTIAL}),
        Policy(require=PARTIAL, contracts={"C-OTHER-*": PARTIAL}),
        Policy(require=PARTIAL, tags={"kernel": PARTIAL}),
    ],
)
def test_nothing_selected(side_of: SideOf, openeds: dict[str, Opened], policy: Policy) -> None:
    """Nothing selected is never green, and neither is one entry that selects nothing."""
    assert decide(policy, side_of([openeds["honest"]]).verdicts).exit_status == 3
    assert decide(policy, []).exit_status == 3


@pytest.mark.parametrize(
    "policy",
    [
        Policy(contracts={"C-APR-*": DISCHARGED}),
        Policy(contracts={"apr-pretrain-init-finetune-v1": DISCHARGED}),
        Policy(contracts={"*finetune-v1.yaml": DISCHARGED}),
        Policy(tags={"training-run": DISCHARGED}),
        Policy(require=PARTIAL, contracts={"C-APR-*": DISCHARGED}),
        Policy(require=DISCHARGED, contracts={"C-APR-*": PARTIAL}),
    ],
)
def test_the_strictest_demand(side_of: SideOf, openeds: dict[str, Opened], policy: Policy) -> None:
    (row,) = decide(policy, side_of([openeds["honest"]]).verdicts).selected
    assert (row.contract, row.required) == (CONTRACT, DISCHARGED)


def test_a_forbidden_finding(side_of: SideOf, openeds: dict[str, Opened]) -> None:
    verdicts = side_of([openeds["honest"]]).verdicts
    rules = {finding.rule for claim in verdicts[0].claims for finding in claim.findings}
    assert rules
    found = decide(Policy(require=PARTIAL, forbid=frozenset(rules)), verdicts)
    assert found.exit_status == 4
    assert {one.code for one in found.refusals} == {"forbidden-finding"}


@pytest.mark.parametrize(("code", "status"), [("unbound", 2), ("over-claim", 4)])
def test_an_invalid_contract(
    side_of: SideOf, openeds: dict[str, Opened], sample_contract: Loaded, code: str, status: int
) -> None:
    """A contract with an error is refused, selected or not."""
    problem = Problem(code=code, severity="error", path="x.yaml", line=1, column=1, message="wrong")
    (verdict,) = side_of([openeds["honest"]]).verdicts
    other = replace(verdict, path=sample_contract.path.with_name("other.yaml"), contract=None, problems=(problem,))
    found = decide(Policy(contracts={CONTRACT: PARTIAL}), [verdict, other])
    assert found.exit_status == status
