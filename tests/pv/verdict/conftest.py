"""Judging a claim of the sample contract in a bundle that is spoilt in memory."""

from collections.abc import Callable
from typing import Any

import pytest

from pv.contract import Claim, Loaded
from pv.evidence import Bundle, Fault, Opened
from pv.verdict import BundleVerdict, Sources, judge_bundle

PREFIX = "FALSIFY-APR-PRETRAIN-INIT-FINETUNE-"


@pytest.fixture(scope="session")
def judge(sample_contract: Loaded, honest_bundle: Bundle, fresh: Sources) -> Callable[..., BundleVerdict]:
    """Judges claim `005`, or another, in a bundle; `change` replaces fields of the claim."""

    def run(
        bundle: Bundle | None = None,
        number: str = "005",
        *,
        faults: tuple[Fault, ...] = (),
        change: dict[str, Any] | None = None,
        **given: Any,
    ) -> BundleVerdict:
        contract = sample_contract.contract
        assert contract is not None
        claim: Claim | None = contract.claim(PREFIX + number)
        assert claim is not None
        bundle = bundle or honest_bundle
        opened = Opened(path=bundle.path, bundle=bundle, faults=faults)
        claim = claim.model_copy(update=change or {})
        return judge_bundle(claim, contract, opened, laws=fresh.laws(claim) or (), **given)

    return run
