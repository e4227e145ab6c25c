from collections.abc import Callable
from pathlib import Path

import pytest

from pv.contract import Contract, load
from pv.evidence import lock_rows, locked_claims, open_bundle, stale_reasons

MakeBundle = Callable[..., Path]
CONTRACT = Path(__file__).parents[3] / "contracts" / "apr-pretrain-init-finetune-v1.yaml"


@pytest.fixture(scope="module")
def contract() -> Contract:
    loaded = load(CONTRACT)
    assert loaded.contract is not None
    return loaded.contract


def reasons(path: Path, contract: Contract, at: int = 4) -> tuple[str, ...]:
    bundle = open_bundle(path).bundle
    assert bundle is not None
    return stale_reasons(bundle, contract.claims[at], contract)


def test_evidence_made_now_is_fresh(make_bundle: MakeBundle, contract: Contract) -> None:
    from pv.binding import module_digests

    rows = lock_rows(contract)
    path = make_bundle(claims=rows, modules=module_digests(["pv.errors"]))
    assert [reasons(path, contract, at) for at in range(len(contract.claims))] == [()] * len(contract.claims)
    bundle = open_bundle(path).bundle
    assert bundle is not None
    assert list(locked_claims(bundle).values()) == rows


def test_evidence_about_something_else_says_what_has_changed(make_bundle: MakeBundle, contract: Contract) -> None:
    found = reasons(make_bundle(modules={"pv.errors": "0" * 64, "pv.gone": "1" * 64}), contract)
    assert "the claim's meaning has changed" in found
    assert "trainer module pv.errors has changed" in found
    assert "trainer module pv.gone is gone" in found


def test_a_claim_the_lock_does_not_name_has_no_evidence(make_bundle: MakeBundle, contract: Contract) -> None:
    rows = lock_rows(contract)[:1]
    (only,) = reasons(make_bundle(claims=rows), contract)
    assert only == f"the lock does not name {contract.claims[4].id}"


def test_unrecorded_modules_make_evidence_stale(make_bundle: MakeBundle, contract: Contract) -> None:
    found = reasons(make_bundle(claims=lock_rows(contract), modules={}), contract)
    assert found == ("the trainer's modules were not recorded",)
