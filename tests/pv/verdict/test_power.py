"""What counts as a kill, and what does not."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from pv.contract import Claim, Loaded
from pv.evidence import Bundle
from pv.verdict import BundleVerdict, Level, Verdict, receipts

ID = "FALSIFY-APR-PRETRAIN-INIT-FINETUNE-005"
Judge = Callable[..., BundleVerdict]
Spoil = Callable[..., Bundle]


@pytest.fixture(scope="session")
def claim(sample_contract: Loaded) -> Claim:
    assert sample_contract.contract is not None
    found = sample_contract.contract.claim(ID)
    assert found is not None
    return found.model_copy(update={"counter_example_classes": ("unk-corpus", "eval-cached")})


def planted(spoil: Spoil, *, run: dict[str, Any] | None = None, **parts: Any) -> Bundle:
    mutant = {"name": "unk-corpus", "patch": "mutant.patch"}
    return spoil(**{"patch": "--- a\n+++ b\n", **parts}, run={"mutant": mutant, **(run or {})})


def misread(attacks: dict) -> dict:
    return {**attacks, ID: [{**row, "worst": 9.0} for row in attacks[ID]]}


def state(claim: Claim, bundle: Bundle, judge: Judge, like: Bundle, **given: Any) -> str:
    level = given.pop("level", Level.INTEGRATION)
    found = receipts(claim, [(bundle, judge(bundle, **given))], like=like, level=level)
    assert found["eval-cached"] == "missing"
    return found["unk-corpus"]


def test_a_control_that_struck_is_a_kill(claim: Claim, judge: Judge, spoil: Spoil, honest_bundle: Bundle) -> None:
    assert state(claim, planted(spoil, attacks=misread), judge, honest_bundle) == "killed"


def test_a_refuted_bound_is_a_kill(claim: Claim, judge: Judge, spoil: Spoil, honest_bundle: Bundle) -> None:
    assert state(claim, planted(spoil), judge, honest_bundle, change={"bound": 1.0}) == "killed"


def test_a_mutant_that_got_past(claim: Claim, judge: Judge, spoil: Spoil, honest_bundle: Bundle) -> None:
    assert state(claim, planted(spoil), judge, honest_bundle) == "survived"


def test_a_suspicion_that_has_nothing_to_do_with_the_fault(
    claim: Claim, judge: Judge, spoil: Spoil, honest_bundle: Bundle
) -> None:
    """An early stop or an implausible value names no control: the mutant survived them."""
    stopped = planted(spoil, run={"planned_steps": 500, "exit_reason": "early_stop"})
    assert judge(stopped).verdict is Verdict.SUSPECT
    assert state(claim, stopped, judge, honest_bundle) == "survived"


def test_a_crash_that_counts_as_a_kill(claim: Claim, judge: Judge, spoil: Spoil, honest_bundle: Bundle) -> None:
    crashed = planted(spoil, run={"exit_code": 1}, attacks=misread)
    assert state(claim, crashed, judge, honest_bundle) == "crashed"
    unmeasured = planted(spoil, evals=(), attacks=lambda _: {}, controls=())
    assert state(claim, unmeasured, judge, honest_bundle) == "crashed"


@pytest.mark.parametrize(
    "parts",
    [
        {"run": {"device": {"platform": "gpu", "kind": "H200", "pid": 1}}},
        {"lock": lambda lock: {**lock, "claims": [{**row, "falsifier_digest": "0" * 64} for row in lock["claims"]]}},
        {"lock": lambda lock: {**lock, "claims": []}},
        {"lock": {"locked_at": "2027-01-01T00:00:00Z"}},
        {"patch": ""},
    ],
    ids=["backend", "falsifier", "claim", "void", "patch"],
)
def test_a_receipt_of_another_pipeline(
    parts: dict[str, Any], claim: Claim, judge: Judge, spoil: Spoil, honest_bundle: Bundle
) -> None:
    """A kill counts for the same falsifier and backend, on evidence that is not void."""
    bundle = planted(spoil, **{"attacks": misread, **parts})
    assert state(claim, bundle, judge, honest_bundle) == "missing"


def test_a_stale_receipt(claim: Claim, judge: Judge, spoil: Spoil, honest_bundle: Bundle) -> None:
    bundle = planted(spoil, attacks=misread)
    assert state(claim, bundle, judge, honest_bundle, stale=("the falsifier has changed",)) == "missing"


def test_a_receipt_of_a_smaller_recipe(claim: Claim, judge: Judge, spoil: Spoil, honest_bundle: Bundle) -> None:
    """The fault is in the trainer, whatever it trains."""
    bundle = planted(spoil, attacks=misread, run={"profile": "micro"})
    assert state(claim, bundle, judge, honest_bundle) == "killed"


def test_a_live_claim_rests_on_kills_on_a_cpu(claim: Claim, judge: Judge, spoil: Spoil, honest_bundle: Bundle) -> None:
    bundle = planted(spoil, attacks=misread)
    gpu = replace(honest_bundle, run={**honest_bundle.run, "device": {"platform": "gpu", "kind": "H200", "pid": 1}})
    assert state(claim, bundle, judge, gpu) == "missing"
    assert state(claim, bundle, judge, gpu, level=Level.LIVE) == "killed"


def test_an_escape_that_a_kill_makes_good(claim: Claim, judge: Judge, spoil: Spoil, honest_bundle: Bundle) -> None:
    """One run under a mutant that got past outweighs every kill, in either order; a crash outweighs none."""
    killed, escaped = planted(spoil, attacks=misread), planted(spoil)
    crashed = planted(spoil, run={"exit_code": 1})
    trials = [(one, judge(one)) for one in (killed, escaped, crashed)]

    def found(chosen: list) -> str:
        return receipts(claim, chosen, like=honest_bundle, level=Level.INTEGRATION)["unk-corpus"]

    assert found(trials) == found(trials[::-1]) == "survived"
    assert found([trials[0], trials[2]]) == "killed"
