"""A claim over its bundles."""

import itertools
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pv.contract import Claim, Contract, Loaded
from pv.evidence import Bundle, Opened, open_bundle
from pv.verdict import (
    ClaimVerdict,
    Level,
    Sources,
    Verdict,
    judge_claim,
    judge_contract,
    validate_exit,
)

PREFIX = "FALSIFY-APR-PRETRAIN-INIT-FINETUNE-"
ID = PREFIX + "005"
Spoil = Callable[..., Bundle]


@pytest.fixture
def contract(sample_contract: Loaded) -> Contract:
    assert sample_contract.contract is not None
    return sample_contract.contract


@pytest.fixture
def claim(contract: Contract) -> Claim:
    found = contract.claim(ID)
    assert found is not None
    return found


def opened(bundle: Bundle, name: str = "honest") -> Opened:
    bundle = replace(bundle, path=Path(name), digest=name)
    return Opened(path=bundle.path, bundle=bundle, faults=())


def misread(attacks: dict) -> dict:
    return {**attacks, ID: [{**row, "worst": 9.0} for row in attacks[ID]]}


def higher(rows: list) -> list:
    return [{**row, "sum_nats": row["sum_nats"] * (0.5 if row["reading"] == "bigram" else 1)} for row in rows]


def codes(verdict: ClaimVerdict) -> list[str]:
    return [reason.code for reason in verdict.reasons]


def stale_for(*names: str, laws: Any) -> Sources:
    return Sources(
        stale=lambda claim, contract, bundle: ("it has changed",) if bundle.digest in names else (), laws=laws.laws
    )


def test_an_honest_contract_that_is_not_discharged(sample_contract: Loaded, honest: Opened, fresh: Sources) -> None:
    verdict = judge_contract(sample_contract, [honest], fresh)
    assert verdict.stamp is Verdict.DISCHARGED
    assert verdict.problems == ()
    assert [claim.verdict for claim in verdict.claims] == [Verdict.DISCHARGED] * 7
    assert validate_exit([verdict]) == 0


def test_a_contract_that_asks_for_live(live_contract: Loaded, honest: Opened, fresh: Sources) -> None:
    """On a CPU run it reads PARTIAL at level integration, and says so, with the missing receipts."""
    verdict = judge_contract(live_contract, [honest], fresh)
    found = next(one for one in verdict.claims if one.claim.id == ID)
    assert (verdict.stamp, found.level) == (Verdict.PARTIAL, Level.INTEGRATION)
    assert codes(found) == ["level-below-required", *["mutant-without-receipt"] * 8]


def test_no_evidence_that_passes(sample_contract: Loaded, fresh: Sources) -> None:
    verdict = judge_contract(sample_contract, [], fresh)
    assert verdict.stamp is Verdict.UNTESTED
    assert {code for one in verdict.claims for code in codes(one)} == {"no-evidence"}
    assert [reason.message for reason in verdict.reasons] == ["none of its claims was tested"]


def test_a_bundle_that_outvotes_another(claim: Claim, contract: Contract, spoil: Spoil, fresh: Sources) -> None:
    """A fresh refutation or suspicion counts whatever else survived, in any order of bundles."""
    good, bad, odd = opened(spoil(), "1"), opened(spoil(evals=higher), "2"), opened(spoil(attacks=misread), "3")
    for chosen, expected in (
        ([good], Verdict.DISCHARGED),
        ([good, odd], Verdict.SUSPECT),
        ([good, bad], Verdict.FALSIFIED),
        ([good, bad, odd], Verdict.FALSIFIED),
    ):
        found = {judge_claim(claim, contract, order, fresh) for order in itertools.permutations(chosen)}
        verdicts = {(one.verdict, one.reasons, one.bundles, one.rests_on) for one in found}
        assert len(verdicts) == 1
        assert {one.verdict for one in found} == {expected}
        (one, *_) = found
        assert one.rests_on == tuple(bundle.bundle for bundle in one.bundles if bundle.verdict is expected)


def test_stale_bundles(claim: Claim, contract: Contract, spoil: Spoil, fresh: Sources) -> None:
    """A stale survivor is PARTIAL; a stale refutation says nothing any more; a fresh survivor needs no stale one."""
    good, bad = opened(spoil(), "good"), opened(spoil(evals=higher), "bad")
    only = judge_claim(claim, contract, [good], stale_for("good", laws=fresh))
    assert (only.verdict, codes(only)) == (Verdict.PARTIAL, ["stale-evidence"])
    gone = judge_claim(claim, contract, [bad], stale_for("bad", laws=fresh))
    assert (gone.verdict, codes(gone), gone.level) == (Verdict.UNTESTED, ["stale-evidence"], None)
    both = judge_claim(claim, contract, [good, bad], stale_for("bad", laws=fresh))
    assert both.verdict is Verdict.DISCHARGED
    assert only.rests_on == both.rests_on == (only.bundles[0].bundle,)
    assert gone.rests_on == ()


def test_an_altered_bundle_that_is_forgotten(
    sample_contract: Loaded, sealed: Callable[..., Path], fresh: Sources
) -> None:
    """One changed byte makes every claim SUSPECT and names the file, fresh or stale, honest or under a mutant."""
    for spoilt in ({}, {"mutant": "unk-corpus"}):
        path = sealed(**spoilt)
        log = path / "raw" / "log.txt"
        log.write_text(log.read_text() + ".")
        for sources in (fresh, Sources(stale=lambda *_: ("old",), laws=fresh.laws)):
            verdict = judge_contract(sample_contract, [open_bundle(path)], sources)
            assert verdict.stamp is Verdict.SUSPECT
            assert {one.verdict for one in verdict.claims} == {Verdict.SUSPECT}
            assert "raw/log.txt" in {finding.place for finding in verdict.claims[0].findings}
            assert validate_exit([verdict]) == 4


def test_an_unreadable_bundle(sample_contract: Loaded, sealed: Callable[..., Path], fresh: Sources) -> None:
    path = sealed()
    (path / "raw" / "claim.lock.json").unlink()
    verdict = judge_contract(sample_contract, [open_bundle(path)], fresh)
    assert verdict.stamp is Verdict.SUSPECT


def test_a_resealed_lie(sample_contract: Loaded, sealed: Callable[..., Path], fresh: Sources) -> None:
    """A reading outside its band, stored as right and sealed again, is SUSPECT."""
    row = {"name": "round-trip", "control_set": "lm-loss", "item": 1, "reading": 0.2, "ok": True}
    verdict = judge_contract(sample_contract, [open_bundle(sealed(controls=lambda _: [row]))], fresh)
    found = next(one for one in verdict.claims if one.claim.id == ID)
    assert (found.verdict, codes(found)) == (Verdict.SUSPECT, ["recorded-reading-differs"])


def test_runs_under_mutants_count_for_nothing_but_receipts(
    claim: Claim, contract: Contract, spoil: Spoil, fresh: Sources
) -> None:
    """A killed mutant neither refutes the claim nor stands for evidence; it is what discharges the honest run."""
    wants = claim.model_copy(update={"counter_example_classes": ("unk-corpus",)})
    mutant = {"mutant": {"name": "unk-corpus", "patch": "mutant.patch"}}
    killed = opened(spoil(run=mutant, patch="+x", attacks=misread), "killed")
    alone = judge_claim(wants, contract, [killed], fresh)
    assert (alone.verdict, codes(alone), len(alone.bundles)) == (Verdict.UNTESTED, ["no-evidence"], 1)
    honest = opened(spoil(), "honest")
    assert judge_claim(wants, contract, [honest], fresh).verdict is Verdict.PARTIAL
    for order in ([killed, honest], [honest, killed]):
        assert judge_claim(wants, contract, order, fresh).verdict is Verdict.DISCHARGED
    escaped = opened(spoil(run=mutant, patch="+x"), "escaped")
    found = judge_claim(wants, contract, [killed, honest, escaped], fresh)
    assert (found.verdict, [reason.message for reason in found.reasons]) == (
        Verdict.PARTIAL,
        ["unk-corpus: it survived"],
    )


def test_claims_that_cannot_be_judged(claim: Claim, contract: Contract, honest: Opened, fresh: Sources) -> None:
    unbound = Sources(stale=fresh.stale, laws=lambda _: None)
    planned = claim.model_copy(update={"planned": True})
    bare = claim.model_copy(update={"measure": None})
    legacy = contract.model_copy(update={"pv": None})
    for found, expected in (
        (judge_claim(claim, contract, [honest], unbound), "unbound"),
        (judge_claim(planned, contract, [honest], fresh), "planned"),
        (judge_claim(bare, contract, [honest], fresh), "not-measurable"),
        (judge_claim(bare, legacy, [honest], fresh), "legacy"),
    ):
        assert (found.verdict, codes(found)) == (Verdict.UNTESTED, [expected])


def test_a_falsifier_that_was_taken_away(
    claim: Claim, contract: Contract, honest: Opened, spoil: Spoil, fresh: Sources
) -> None:
    """An unbound claim names what its falsifier had killed; what survived or crashed was no power."""
    unbound = Sources(stale=fresh.stale, laws=lambda _: None)
    struck = {"attacks": lambda attacks: {**attacks, ID: [{**row, "worst": 9.0} for row in attacks[ID]]}}
    runs = [
        opened(spoil(run={"mutant": {"name": name, "patch": "mutant.patch"}}, patch="+x", **parts), name)
        for name, parts in (("unk-corpus", struck), ("untied-head", struck), ("eval-cached", {}))
    ]
    found = judge_claim(claim, contract, [honest, *runs], unbound)
    assert [(reason.code, reason.message) for reason in found.reasons] == [
        ("unbound", "no falsifier is bound to the claim"),
        (
            "lost-power",
            "some-falsifier was bound to it, and killed unk-corpus, untied-head: nothing of this claim does now",
        ),
    ]


def test_a_claim_that_the_lock_does_not_name(claim: Claim, contract: Contract, spoil: Spoil, fresh: Sources) -> None:
    bundle = spoil(lock=lambda lock: {**lock, "claims": [row for row in lock["claims"] if row["id"] != ID]})
    assert codes(judge_claim(claim, contract, [opened(bundle)], fresh)) == ["no-evidence"]


def test_a_run_that_measured_nothing(claim: Claim, contract: Contract, spoil: Spoil, fresh: Sources) -> None:
    """Beside nothing else it leaves the claim UNTESTED and says why; beside a survivor it is passed over."""
    empty = opened(spoil(evals=()), "empty")
    found = judge_claim(claim, contract, [empty], fresh)
    assert (found.verdict, codes(found)) == (Verdict.UNTESTED, ["not-measured"])
    both = judge_claim(claim, contract, [empty, opened(spoil())], fresh)
    assert both.verdict is Verdict.DISCHARGED


def test_a_bundle_of_another_contract(sample_contract: Loaded, spoil: Spoil, fresh: Sources) -> None:
    foreign = opened(spoil(lock={"contract": {"id": "C-OTHER", "digest": "e" * 64}}), "elsewhere/bundle")
    assert judge_contract(sample_contract, [foreign], fresh).stamp is Verdict.UNTESTED
