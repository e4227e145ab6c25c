"""What other runs say of a claim."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pv.contract import Loaded
from pv.evidence import Bundle, Opened
from pv.verdict import BundleVerdict, Sources, judge_contract

ID = "FALSIFY-APR-PRETRAIN-INIT-FINETUNE-005"
Spoil = Callable[..., Bundle]


def opened(bundle: Bundle, name: str) -> Opened:
    bundle = replace(bundle, path=Path(name), digest=name)
    return Opened(path=bundle.path, bundle=bundle, faults=())


@pytest.fixture
def judged(sample_contract: Loaded, fresh: Sources) -> Callable[..., dict[str, BundleVerdict]]:
    """Bundle to what it says of the claim beside the others; `stale` names those that count no more."""

    def run(*openeds: Opened, stale: str = "", **change: Any) -> dict[str, BundleVerdict]:
        contract = sample_contract.contract
        assert contract is not None
        claims = tuple(claim.model_copy(update=change) if claim.id == ID else claim for claim in contract.claims)
        loaded = replace(sample_contract, contract=contract.model_copy(update={"falsification_tests": claims}))
        sources = Sources(stale=lambda *given: ("changed",) if given[2].digest == stale else (), laws=fresh.laws)
        found = next(one for one in judge_contract(loaded, openeds, sources).claims if one.claim.id == ID)
        return {one.bundle.name: one for one in found.bundles}

    return run


def looks(verdict: BundleVerdict) -> tuple[int, float]:
    assert verdict.measurement is not None
    assert verdict.measurement.precision is not None
    return verdict.measurement.precision.looks, round(verdict.measurement.precision.confidence, 6)


def test_a_second_try_at_the_price_of_one(judged: Any, honest_bundle: Bundle, spoil: Spoil) -> None:
    """Every honest, fresh run that put the claim to a sample asks the others for more confidence."""
    honest, other = opened(honest_bundle, "a"), opened(honest_bundle, "b")
    assert looks(judged(honest)["a"]) == (1, 0.95)
    assert looks(judged(honest, other)["a"]) == (2, 0.975)
    alone, beside = judged(honest)["a"].measurement, judged(honest, other)["a"].measurement
    assert beside.upper > alone.upper
    assert looks(judged(honest, other, stale="b")["a"]) == (1, 0.95)
    planted = opened(spoil(run={"mutant": {"name": "unk-corpus", "patch": "mutant.patch"}}, patch="x"), "b")
    assert looks(judged(honest, planted)["a"]) == (1, 0.95)
    nothing = opened(spoil(evals=()), "b")
    assert looks(judged(honest, nothing)["a"]) == (1, 0.95)


def test_a_second_look_of_one_run(judged: Any, spoil: Spoil) -> None:
    """Looks at the claim's own split count, looks at another do not."""
    twice = opened(spoil(reported=lambda rows: [*rows, rows[-1]]), "a")
    assert looks(judged(twice)["a"]) == (2, 0.975)
    assert looks(judged(opened(spoil(reported=lambda rows: [rows[0], *rows]), "a"))["a"]) == (1, 0.95)


EARLIER = {"finished_at": "2026-05-19T12:00:00+00:00"}


def bound_like(bound: float) -> Callable[[dict], dict]:
    return lambda lock: {**lock, "claims": [{**row, "bound": bound} for row in lock["claims"]]}


@pytest.mark.parametrize(
    ("parts", "bound", "fires"),
    [
        ({"run": EARLIER}, 2.61, True),
        ({"run": EARLIER}, 2.62, True),
        ({"run": EARLIER}, 2.63, False),
        ({"run": EARLIER}, 2.6, False),
        ({"run": EARLIER, "lock": bound_like(2.61)}, 2.61, False),
        ({"run": {**EARLIER, "mutant": {"name": "unk-corpus"}}, "patch": "x"}, 2.61, False),
        ({"run": EARLIER, "evals": ()}, 2.61, False),
        ({}, 2.61, False),
        ({"run": {"finished_at": "yesterday"}}, 2.61, False),
    ],
    ids=[
        "rounded",
        "next digit",
        "further off",
        "two digits",
        "same bound",
        "mutant",
        "unmeasured",
        "later",
        "undated",
    ],
)
def test_a_bound_that_an_earlier_run_had_read(
    judged: Any, honest_bundle: Bundle, spoil: Spoil, parts: dict[str, Any], bound: float, *, fires: bool
) -> None:
    """A bound is suspicious where it is a reading, to the last digit written, of a run that ended before the lock."""
    rules = {
        one.rule for one in judged(opened(honest_bundle, "a"), opened(spoil(**parts), "b"), bound=bound)["a"].findings
    }
    assert ("bound-after-reading" in rules) is fires
