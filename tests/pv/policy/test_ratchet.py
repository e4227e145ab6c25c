"""Everything that may not get weaker than at the base, one at a time."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from pv.change.tree import Side
from pv.contract import Contract, Loaded
from pv.evidence import Opened
from pv.policy import BREACHES, Base, Decision, Policy, Waiver, decide_against
from pv.verdict import Verdict

SideOf = Callable[..., Side]
PREFIX = "FALSIFY-APR-PRETRAIN-INIT-FINETUNE-"
CONTRACT = "C-APR-PRETRAIN-INIT-FINETUNE"
STRICT = Policy(require=Verdict.DISCHARGED, forbid=frozenset({"invalidates"}))


@pytest.fixture
def against(side_of: SideOf, openeds: dict[str, Opened], sample_contract: Loaded) -> Callable[..., Decision]:
    """Decides about a changed contract with the honest bundle on both sides."""

    def run(after: Contract | None, policy: Policy = STRICT, base_policy: Policy = STRICT, **kinds: str) -> Decision:
        evidence = {side: [openeds[kinds.get(side, "honest")]] for side in ("before", "here")}
        files = () if after is None else (replace(sample_contract, contract=after),)
        here = side_of(evidence["here"], *files) if files else _empty(side_of)
        base = Base(side=side_of(evidence["before"]), policy=base_policy)
        again = lambda restored: side_of(evidence["here"], *files, restored=restored) if files else here  # noqa: E731
        return decide_against(base, here, policy, again)

    return run


def _empty(side_of: SideOf) -> Side:
    return replace(side_of(), files=(), openeds=(), verdicts=())


def with_claim(contract: Contract, number: str, **change: Any) -> Contract:
    claims = tuple(
        claim.model_copy(update=change) if claim.id == PREFIX + number else claim for claim in contract.claims
    )
    return contract.model_copy(update={"falsification_tests": claims})


def codes(decision: Decision) -> set[str]:
    return {refusal.code for refusal in decision.refusals}


def test_nothing_changed(against: Callable[..., Decision], contract: Contract) -> None:
    assert against(contract).refusals == ()


def test_a_deleted_claim(against: Callable[..., Decision], contract: Contract) -> None:
    found = against(contract.model_copy(update={"falsification_tests": contract.claims[1:]}))
    assert ("claim-deleted", PREFIX + "001") in {(one.code, one.subject) for one in found.refusals}
    assert found.exit_status == 4


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"bound": 11.0}, "bound"),
        ({"bound": "ln(vocab_size)"}, "bound"),
        ({"below": ()}, "below"),
        ({"requires": "algorithm"}, "requires"),
        ({"confidence": 0.9}, "confidence"),
        ({"controls": ""}, "controls"),
        ({"plausible": None}, "plausible"),
    ],
)
def test_a_loosened_claim(
    against: Callable[..., Decision], contract: Contract, change: dict[str, Any], field: str
) -> None:
    found = against(with_claim(contract, "005", **change))
    (one,) = [refusal for refusal in found.refusals if refusal.code == "claim-loosened"]
    assert (one.subject, one.message.split()[0]) == (PREFIX + "005", field)
    assert found.exit_status == 4


def test_a_loosened_claim_with_evidence(against: Callable[..., Decision], contract: Contract) -> None:
    """The bundle that was made under the stricter demand is named."""
    found = against(with_claim(contract, "005", bound=11.0)).refusals
    messages = {one.code: one.message for one in found}
    assert "was locked with more" in messages["claim-loosened"]
    assert "became PARTIAL" in messages["verdict-worse"]


def test_a_claim_planned_again(against: Callable[..., Decision], contract: Contract) -> None:
    """It is loosened, not judged any more, and the stamp falls."""
    assert codes(against(with_claim(contract, "005", planned=True))) == {
        "claim-loosened",
        "claim-unjudged",
        "stamp-below-required",
    }


def test_a_tightened_claim(against: Callable[..., Decision], contract: Contract) -> None:
    assert codes(against(with_claim(contract, "005", bound=9.0))) == set()


def test_a_deleted_contract(against: Callable[..., Decision]) -> None:
    found = against(None)
    assert {"nothing-selected", "claim-deleted", "contract-weakened", "selection-shrunk"} <= codes(found)
    assert found.exit_status == 4


def test_a_worse_verdict(against: Callable[..., Decision], contract: Contract) -> None:
    found = against(contract, here="refuting")
    assert "verdict-worse" in codes(found)
    assert "evidence-deleted" in codes(found)


def test_a_lowered_demand(against: Callable[..., Decision], contract: Contract) -> None:
    lower = Policy(require=Verdict.PARTIAL, forbid=STRICT.forbid)
    assert codes(against(contract, lower)) == {"requirement-lowered"}
    assert codes(against(contract, Policy(require=Verdict.DISCHARGED))) == {"finding-allowed"}
    by_name = Policy(contracts={CONTRACT: Verdict.DISCHARGED}, forbid=STRICT.forbid)
    assert codes(against(contract, by_name)) == set()
    assert codes(against(contract, Policy(forbid=STRICT.forbid))) == {"nothing-selected", "selection-shrunk"}


def test_a_weakened_obligation(against: Callable[..., Decision], contract: Contract) -> None:
    found = against(contract.model_copy(update={"proof_obligations": contract.proof_obligations[1:]}))
    assert [(one.code, one.subject) for one in found.refusals] == [("contract-weakened", "OBL-ENDS-WELL")]


def test_a_waiver_of_another_claim(against: Callable[..., Decision], contract: Contract) -> None:
    """A waiver covers its own breach of its own subject, and nothing else."""
    loosened = with_claim(contract, "005", plausible=None)

    def waived(breach: str, on: str) -> Decision:
        waiver = Waiver(breach=breach, on=on, owner="me", reason="new hardware", expires=date(2099, 1, 1))
        return against(loosened, replace(STRICT, waivers=(waiver,)))

    assert waived("claim-loosened", PREFIX + "005").exit_status == 0
    assert waived("claim-loosened", PREFIX + "004").exit_status == 4
    assert len(waived("claim-loosened", PREFIX + "004").unused) == 1
    assert waived("claim-deleted", PREFIX + "005").exit_status == 4


def test_breaches_are_told() -> None:
    assert all(BREACHES.values())


def test_a_legacy_namesake_that_hides_a_verdict(
    against: Callable[..., Decision], side_of: SideOf, openeds: dict[str, Opened], sample_contract: Loaded
) -> None:
    """Another contract with the same claim ids, and no evidence, hides nothing."""
    assert sample_contract.contract is not None
    metadata = sample_contract.contract.metadata.model_copy(update={"id": "C-NAMESAKE"})
    claims = tuple(claim.model_copy(update={"planned": True}) for claim in sample_contract.contract.claims)
    other = sample_contract.contract.model_copy(update={"metadata": metadata, "falsification_tests": claims})
    namesake = replace(sample_contract, contract=other, path=sample_contract.path.with_name("namesake.yaml"))
    policy = Policy(contracts={CONTRACT: Verdict.PARTIAL})
    base = Base(side=side_of([openeds["honest"]]), policy=policy)
    here = side_of([openeds["honest"], openeds["refuting"]], sample_contract, namesake)
    found = decide_against(base, here, policy, lambda restored: here)
    assert "verdict-worse" in codes(found)
    assert "claim-loosened" not in codes(found)
