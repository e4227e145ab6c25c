"""Bundles of the sample contract, honest and under mutants, judged."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from pv.contract import Loaded
from pv.evidence import open_bundle
from pv.power import Judged
from pv.verdict import Sources, judge_contract


@pytest.fixture(scope="session")
def declaring(sample_contract: Loaded) -> Loaded:
    """The sample contract, whose claim 005 declares four mutants and whose claim 001 declares one."""
    contract = sample_contract.contract
    assert contract is not None
    declared = {"005": ("eval-cached", "unk-corpus", "untied-head", "val-is-train"), "001": ("dropped-bias",)}
    claims = tuple(
        claim.model_copy(update={"counter_example_classes": declared.get(claim.id[-3:], ())})
        for claim in contract.claims
    )
    return replace(sample_contract, contract=contract.model_copy(update={"falsification_tests": claims}))


@pytest.fixture(scope="session")
def judged(declaring: Loaded, fresh: Sources) -> Callable[..., Judged]:
    """Judges the contract from bundles."""

    def judge(*paths: Path, sources: Sources = fresh, faulty: bool = False) -> Judged:
        opened = tuple(open_bundle(path) for path in paths)
        assert faulty or [fault for one in opened for fault in one.faults] == []
        return Judged(verdict=judge_contract(declaring, opened, sources), opened=opened)

    return judge
