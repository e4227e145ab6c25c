"""The evidence that a claim's verdict rests on."""

from dataclasses import replace
from typing import Any

from pv.trace import deciding_bundle


def test_youngest_honest_one(judged: Any, text: Any, bundle: Any) -> None:
    """Where no bundle decides, the date in the name does; runs under mutants are passed over; there may be none."""
    (contract,) = judged(text("C-A", claims=("FALSIFY-A-001",)))
    (claim,) = contract.claims
    assert deciding_bundle(claim) is None
    old, new = bundle("2025-12-31-cpu-a"), bundle("20260101-cpu-b")
    planted = bundle("2026-03-01-cpu-c", mutant="unk-corpus")
    assert deciding_bundle(replace(claim, bundles=(new, planted, old))) is new


def test_a_younger_one_that_decides_nothing(judged: Any, text: Any, bundle: Any) -> None:
    """A live run that discharged a claim is its evidence, however many small ones were made after it."""
    (contract,) = judged(text("C-A", claims=("FALSIFY-A-001",)))
    (claim,) = contract.claims
    live, again, small = (bundle(name) for name in ("2026-01-01-h200-a", "2026-01-02-h200-b", "2026-03-01-cpu-c"))
    of_all = replace(claim, bundles=(live, again, small))
    assert deciding_bundle(replace(of_all, rests_on=(live.bundle,))) is live
    assert deciding_bundle(replace(of_all, rests_on=(live.bundle, again.bundle))) is again
