"""The last evidence about a claim."""

from dataclasses import replace
from typing import Any

from pv.trace import last_bundle


def test_youngest_honest_one(judged: Any, text: Any, bundle: Any) -> None:
    """The date in the name decides; runs under mutants are passed over; without evidence there is none."""
    (contract,) = judged(text("C-A", claims=("FALSIFY-A-001",)))
    (claim,) = contract.claims
    assert last_bundle(claim) is None
    old, new = bundle("2025-12-31-cpu-a"), bundle("20260101-cpu-b")
    planted = bundle("2026-03-01-cpu-c", mutant="unk-corpus")
    assert last_bundle(replace(claim, bundles=(new, planted, old))) is new
