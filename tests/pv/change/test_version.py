"""Whether version and changelog follow the differences."""

from typing import Any

import pytest

from pv.change import Bump, asked_bump, contract_differences, version_mismatches
from pv.contract import Contract, Loaded
from pv.contract.model import Change

PREFIX = "FALSIFY-APR-PRETRAIN-INIT-FINETUNE-"


@pytest.fixture
def contract(live_contract: Loaded) -> Contract:
    assert live_contract.contract is not None
    return live_contract.contract


def at(contract: Contract, version: str, *entries: tuple[str, str], **claim: Any) -> Contract:
    """The contract at a version with a changelog; keywords change claim 005."""
    claims = tuple(one.model_copy(update=claim) if one.id.endswith("-005") else one for one in contract.claims)
    changelog = tuple(Change.model_construct(version=made, date="2026-11-20", change=text) for made, text in entries)
    metadata = contract.metadata.model_copy(update={"version": version, "changelog": changelog})
    return contract.model_copy(update={"metadata": metadata, "falsification_tests": claims})


def codes(before: Contract, after: Contract) -> set[str]:
    return {one.code for one in version_mismatches(before, after, contract_differences(before, after))}


@pytest.mark.parametrize(
    ("change", "bump"),
    [({"bound": 11.0}, Bump.MAJOR), ({"bound": 2.0}, Bump.MINOR), ({"rule": "Words."}, Bump.PATCH), ({}, Bump.NONE)],
)
def test_the_step_asked_for(contract: Contract, change: dict[str, Any], bump: Bump) -> None:
    assert asked_bump(contract_differences(contract, at(contract, "1.0.0", **change))) is bump


@pytest.mark.parametrize(
    ("old", "new", "change", "expected"),
    [
        ("1.0.0", "1.0.0", {"rule": "Words."}, {"version-not-raised"}),
        ("1.0.0", "1.0.1", {"rule": "Words."}, set()),
        ("1.0.0", "1.0.1", {"bound": 2.0}, {"version-not-raised"}),
        ("1.0.0", "1.1.0", {"bound": 2.0}, set()),
        ("1.9.0", "1.10.0", {"bound": 11.0}, {"version-not-raised"}),
        ("1.9.0", "2.0.0", {"bound": 11.0}, set()),
        ("0.1.0", "0.2.0", {"bound": 11.0}, set()),
        ("0.1.0", "0.1.1", {"bound": 11.0}, {"version-not-raised"}),
        ("0.1.0", "0.1.1", {"bound": 2.0}, set()),
        ("1.10.0", "1.9.0", {}, {"version-lowered"}),
        ("2.0.0-rc.1", "2.0.0", {"rule": "Words."}, set()),
        ("2.0.0", "2.0.0-rc.1", {}, {"version-lowered"}),
        ("1", "2", {"bound": 2.0}, {"version-unreadable"}),
        ("1", "1", {}, set()),
    ],
)
def test_versions(contract: Contract, old: str, new: str, change: dict[str, Any], expected: set[str]) -> None:
    after = at(contract, new, (new, "The bound of 005 moved."), **change)
    assert codes(at(contract, old), after) == expected


@pytest.mark.parametrize(
    ("text", "change", "expected"),
    [
        ("Loosened the bound of FALSIFY-005.", {"bound": 11.0}, set()),
        (f"Relaxed {PREFIX}005.", {"bound": 11.0}, set()),
        ("Better words.", {"bound": 11.0}, {"changelog-silent"}),
        ("Tightened 005.", {"bound": 11.0}, {"changelog-contradicts"}),
        ("Loosened 005.", {"bound": 2.0}, {"changelog-contradicts"}),
        ("Removed a claim.", {"bound": 2.0}, {"changelog-contradicts"}),
        ("A stricter ceiling.", {"bound": 2.0}, set()),
    ],
)
def test_entries(contract: Contract, text: str, change: dict[str, Any], expected: set[str]) -> None:
    assert codes(contract, at(contract, "2.0.0", ("2.0.0", text), **change)) == expected


def test_history(contract: Contract) -> None:
    before = at(contract, "1.1.0", ("1.1.0", "First."))
    assert codes(before, at(contract, "1.1.0", ("1.1.0", "Other."))) == {"changelog-rewritten"}
    assert codes(before, at(contract, "1.2.0", ("1.1.0", "First."))) == {"changelog-missing"}
    assert codes(before, at(contract, "1.2.0", ("1.2.0", "Second."), ("1.1.0", "First."))) == set()
