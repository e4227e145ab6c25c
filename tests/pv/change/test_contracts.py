"""Differences of whole contracts."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pv.change import contract_differences, followed, paired
from pv.contract import Contract, Gate, Loaded

PREFIX = "FALSIFY-APR-PRETRAIN-INIT-FINETUNE-"


@pytest.fixture
def contract(live_contract: Loaded) -> Contract:
    assert live_contract.contract is not None
    return live_contract.contract


def told(before: Contract | None, after: Contract | None) -> list[tuple[str, str, str, str]]:
    return [(one.part, one.subject, one.field, one.direction.value) for one in contract_differences(before, after)]


def with_first(contract: Contract, part: str, **change: Any) -> Contract:
    first, *rest = getattr(contract, part)
    return contract.model_copy(update={part: (first.model_copy(update=change), *rest)})


def test_a_contract_that_came_or_went(contract: Contract) -> None:
    assert told(None, contract) == [("contract", contract.id, "", "added")]
    assert told(contract, None) == [("contract", contract.id, "", "removed")]
    assert told(contract, contract) == []


def test_a_claim_that_came_or_went(contract: Contract) -> None:
    fewer = contract.model_copy(update={"falsification_tests": contract.claims[1:]})
    assert told(contract, fewer) == [("claim", PREFIX + "001", "", "removed")]
    assert told(fewer, contract) == [("claim", PREFIX + "001", "", "added")]


def test_a_renamed_claim_that_hides_a_loosening(contract: Contract) -> None:
    """A claim that keeps its old id as an alias is compared with its former self."""
    after = with_first(contract, "falsification_tests", id="FALSIFY-NEW", aliases=(PREFIX + "001",), requires=None)
    found = [row for row in told(contract, after) if row[0] == "claim"]
    assert ("claim", "FALSIFY-NEW", "requires", "loosened") in found
    assert not {"added", "removed"} & {row[3] for row in found}


@pytest.mark.parametrize(
    ("change", "field", "direction"),
    [
        ({"tested_by": (PREFIX + "001",)}, "tested_by", "loosened"),
        ({"property": "Other."}, "property", "incomparable"),
        ({"type": "bound"}, "type", "incomparable"),
        ({"tolerance": 0.1}, "tolerance", "incomparable"),
    ],
)
def test_obligations(contract: Contract, change: dict[str, Any], field: str, direction: str) -> None:
    after = with_first(contract, "proof_obligations", **change)
    assert told(contract, after) == [("obligation", "OBL-ENDS-WELL", field, direction)]


def test_tolerances(contract: Contract) -> None:
    strict, loose = (with_first(contract, "proof_obligations", tolerance=value) for value in (1e-6, 1e-3))
    assert told(strict, loose)[0][3] == "loosened"
    assert told(loose, strict)[0][3] == "tightened"


def test_equations_and_gates(contract: Contract) -> None:
    name, equation = next(iter(contract.equations.items()))
    other = contract.model_copy(update={"equations": {name: equation.model_copy(update={"formula": "L = 0"})}})
    assert ("equation", name, "formula", "incomparable") in told(contract, other)
    assert ("equation", "unigram_entropy", "", "removed") in told(contract, other)
    gate = Gate(id="GATE-1", claims=(PREFIX + "001", PREFIX + "002"))
    gated = contract.model_copy(update={"gates": (gate,)})
    smaller = contract.model_copy(update={"gates": (gate.model_copy(update={"claims": (PREFIX + "001",)}),)})
    assert told(contract, gated) == [("gate", "GATE-1", "", "added")]
    assert told(gated, smaller) == [("gate", "GATE-1", "claims", "loosened")]


def test_the_system(contract: Contract) -> None:
    def changed(**change: Any) -> list[tuple[str, str, str, str]]:
        assert contract.system is not None
        return told(contract, contract.model_copy(update={"system": contract.system.model_copy(update=change)}))

    assert contract.system is not None
    assert contract.system.full is not None
    short = contract.system.full.model_copy(update={"steps": 5})
    assert changed(full=short) == [("system", contract.id, "full", "loosened")]
    assert changed(full=None) == [("system", contract.id, "full", "incomparable")]
    assert changed(trainer="hf") == [("system", contract.id, "trainer", "incomparable")]
    assert changed(program="aprtrain") == [("system", contract.id, "program", "added")]
    several = contract.model_copy(update={"system": contract.system.model_copy(update={"program": ("aprtrain", "pv")})})
    assert told(contract, several) == [("system", contract.id, "program", "added")]
    assert told(several, contract) == [("system", contract.id, "program", "removed")]
    more = {**contract.system.profiles, "tpu": "x"}
    assert changed(profiles=more) == [("system", contract.id, "profiles", "added")]
    assert changed(profiles={"cpu": "x"}) == [("system", contract.id, "profiles", "incomparable")]
    assert told(contract, contract.model_copy(update={"system": None})) == [("system", contract.id, "", "removed")]


def test_pairs(live_contract: Loaded, contract: Contract) -> None:
    """By id, else by file name; each file has one partner at most."""
    moved = replace(live_contract, path=Path("elsewhere.yaml"))
    other = contract.model_copy(update={"metadata": contract.metadata.model_copy(update={"id": "C-OTHER"})})
    renamed = replace(live_contract, contract=other)
    assert paired([live_contract], [moved]) == ((live_contract, moved),)
    assert paired([live_contract], [renamed]) == ((live_contract, renamed),)
    assert paired([live_contract], []) == ((live_contract, None),)
    assert paired([live_contract], [renamed, moved]) == ((None, renamed), (live_contract, moved))


def test_a_namesake_that_stands_in(contract: Contract) -> None:
    """A claim is followed by alias and into other contracts, never to a namesake that was there before."""
    claim, other = contract.claims[:2]
    renamed = claim.model_copy(update={"id": "NEW", "aliases": (claim.id,)})
    place, namesake, moved = ("C-A", claim.id), ("C-B", claim.id), ("C-B", "NEW")
    assert followed({place: claim}, {place: claim}) == {place: place}
    assert followed({place: claim}, {}) == {place: None}
    assert followed({place: claim}, {namesake: claim}) == {place: namesake}
    assert followed({place: claim}, {moved: renamed, ("C-A", other.id): other}) == {place: moved}
    assert followed({place: claim, namesake: claim}, {namesake: claim}) == {place: None, namesake: namesake}
