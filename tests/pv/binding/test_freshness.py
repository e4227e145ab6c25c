from collections.abc import Callable
from pathlib import Path

import pytest

from pv.binding import Freshness, Packages, lock_rows
from pv.contract import Contract, load, meaning_digest

Package = Callable[..., Path]
CONTRACT = Path(__file__).parents[3] / "contracts" / "apr-pretrain-init-finetune-v1.yaml"
INDEX = {
    "schema_version": "1",
    "falsifiers": {"empty-loss": {"module": "hunters.one", "hunts": "x", "laws": []}},
    "claims": {"FALSIFY-APR-PRETRAIN-INIT-FINETUNE-005": "empty-loss"},
    "mutants": {},
}


@pytest.fixture
def contract() -> Contract:
    loaded = load(CONTRACT)
    assert loaded.contract is not None
    return loaded.contract


@pytest.fixture
def root(package: Package) -> Path:
    return package(INDEX, one="from hunters import two\n", two="x = 1\n", trainer="y = 1\n")


def now() -> Freshness:
    return Freshness(packages=Packages(shipped="hunters"))


def test_a_lock_row_fixes_what_decides(root: Path, contract: Contract) -> None:
    rows = {row["id"]: row for row in lock_rows(contract, freshness=now())}
    claim = contract.claims[4]
    row = rows[claim.id]
    assert list(rows) == [each.id for each in contract.claims]
    assert row["meaning_digest"] == meaning_digest(claim, contract)
    assert (row["op"], row["bound"], row["requires"]) == ("<", 9.38, "live")
    assert row["mutants"] == list(claim.counter_example_classes)
    assert row["falsifier"] == "empty-loss"
    assert len(row["falsifier_digest"]) == 64
    unbound = rows[contract.claims[0].id]
    assert unbound["falsifier"] is unbound["falsifier_digest"] is None


def test_nothing_changed_is_fresh(root: Path, contract: Contract) -> None:
    claim = contract.claims[4]
    modules = {"hunters.trainer": now().module_digest("hunters.trainer")}
    assert now().stale_reasons(now().lock_row(claim, contract), modules, claim, contract) == ()


def test_each_change_is_a_reason_of_its_own(root: Path, contract: Contract) -> None:
    claim = contract.claims[4]
    locked = now().lock_row(claim, contract)
    modules = {"hunters.trainer": now().module_digest("hunters.trainer"), "hunters.old": "x"}
    (root / "two.py").write_text("x = 2\n")
    (root / "trainer.py").write_text("y = 2\n")
    changed = claim.model_copy(update={"bound": 9.0})
    assert now().stale_reasons(locked, modules, changed, contract) == (
        "the claim's meaning has changed",
        "the falsifier empty-loss has changed",
        "trainer module hunters.old is gone",
        "trainer module hunters.trainer has changed",
    )


def test_prose_and_comments_change_nothing(root: Path, contract: Contract) -> None:
    claim = contract.claims[4]
    locked = now().lock_row(claim, contract)
    modules = {"hunters.trainer": now().module_digest("hunters.trainer")}
    (root / "two.py").write_text('"""Says more."""\nx = 1  # so be it\n')
    reworded = claim.model_copy(update={"rule": "Said better.", "tracked_by": "an issue"})
    assert now().stale_reasons(locked, modules, reworded, contract) == ()


def test_a_claim_that_lost_its_falsifier_is_stale(root: Path, contract: Contract) -> None:
    claim = contract.claims[0]
    locked = now().lock_row(claim, contract) | {"falsifier": "gone", "falsifier_digest": "x"}
    assert now().stale_reasons(locked, {}, claim, contract) == (
        "the claim is bound to no falsifier",
        "the trainer's modules were not recorded",
    )
    assert now().stale_reasons(None, {}, claim, contract) == (f"the lock does not name {claim.id}",)


def test_planned_claims_are_not_locked(root: Path, contract: Contract) -> None:
    planned = contract.claims[0].model_copy(update={"planned": True})
    changed = contract.model_copy(update={"falsification_tests": (planned, *contract.claims[1:])})
    assert len(lock_rows(changed, freshness=now())) == len(contract.claims) - 1


def test_a_run_that_is_asked_about_claims_on_functions() -> None:
    """They are attacked by themselves; a run's judges would try their laws in the wrong place."""
    path = Path(__file__).parents[3] / "contracts" / "training-loop-v1.yaml"
    loaded = load(path).contract
    assert loaded is not None
    ids = [str(row["id"]).removeprefix("FALSIFY-TRAINING-LOOP-") for row in lock_rows(loaded)]
    assert ids == ["004", "005", "006", "009", "011"]
