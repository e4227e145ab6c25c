"""A contract over its claims, what is wrong with its file, and contracts over each other."""

import itertools
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from pv.contract import Claim, Contract, HandStatus, Loaded
from pv.evidence import Opened, open_bundle
from pv.verdict import (
    ClaimVerdict,
    Sources,
    Verdict,
    current_sources,
    judge_all,
    judge_contract,
    stamp_of,
    validate_exit,
    with_dependencies,
    write_derived,
)

PREFIX = "FALSIFY-APR-PRETRAIN-INIT-FINETUNE-"
ID = PREFIX + "005"


@pytest.fixture
def contract(sample_contract: Loaded) -> Contract:
    assert sample_contract.contract is not None
    return sample_contract.contract


@pytest.fixture
def claim(contract: Contract) -> Claim:
    found = contract.claim(ID)
    assert found is not None
    return found


def codes(verdict: ClaimVerdict) -> list[str]:
    return [reason.code for reason in verdict.reasons]


def typed(loaded: Loaded, value: str, claim_id: str | None = ID, key: str = "status") -> Loaded:
    status = HandStatus(value=value, claim_id=claim_id, line=7, column=3, key=key)
    return replace(loaded, hand_written=(status,))


def test_an_over_claim(sample_contract: Loaded, live_contract: Loaded, honest: Opened, fresh: Sources) -> None:
    """A status that claims more than the derivation is an error and changes no verdict."""
    for value, claim_id, errors in (
        ("DISCHARGED", ID, 1),
        ("ACTIVE_RUNTIME", None, 1),
        ("PARTIAL", ID, 0),
        ("OBSERVED", ID, 1),
        ("FALSIFIED", ID, 0),
        ("who knows", ID, 0),
        ("DISCHARGED", "FALSIFY-NOBODY-001", 0),
    ):
        verdict = judge_contract(typed(live_contract, value, claim_id), [honest], fresh)
        problems = [(one.code, one.severity, one.line) for one in verdict.problems]
        assert problems == [("over-claim", "error", 7)] * errors
        assert verdict.stamp is Verdict.PARTIAL
        assert validate_exit([verdict]) == (4 if errors else 0)
    sound = judge_contract(typed(sample_contract, "DISCHARGED"), [honest], fresh)
    assert sound.problems == ()


def test_an_over_claim_in_a_gate(live_contract: Loaded, honest: Opened, fresh: Sources) -> None:
    assert live_contract.contract is not None
    gate = {"id": "GATE-1", "claims": ("FALSIFY-005",)}
    made = type(live_contract.contract).model_validate({**live_contract.contract.model_dump(), "gates": (gate,)})
    loaded = typed(replace(live_contract, contract=made), "PASS", None, "gates[0].verdict")
    verdict = judge_contract(loaded, [honest], fresh)
    assert [problem.code for problem in verdict.problems] == ["over-claim"]
    untested = judge_contract(replace(loaded, hand_written=()), [honest], fresh)
    assert untested.problems == ()


def test_an_unbound_claim_of_our_own_schema(sample_contract: Loaded, honest: Opened, fresh: Sources) -> None:
    verdict = judge_contract(sample_contract, [honest], Sources(stale=fresh.stale, laws=lambda _: None))
    assert {problem.code for problem in verdict.problems} == {"unbound"}
    assert (verdict.stamp, validate_exit([verdict])) == (Verdict.UNTESTED, 2)
    assert verdict.problems[0].line > 1


def test_a_series_that_does_not_exist(sample_contract: Loaded, contract: Contract, fresh: Sources) -> None:
    claim = contract.claims[4]
    assert claim.measure is not None
    wrong = claim.model_copy(update={"measure": claim.measure.model_copy(update={"series": "eval/los"})})
    made = contract.model_copy(update={"falsification_tests": (wrong,)})
    verdict = judge_contract(replace(sample_contract, contract=made), [], fresh)
    assert [problem.code for problem in verdict.problems] == ["unknown-series"]


def test_a_file_that_is_no_contract(sample_contract: Loaded, honest: Opened, fresh: Sources) -> None:
    verdict = judge_contract(replace(sample_contract, contract=None), [honest], fresh)
    assert (verdict.stamp, verdict.claims) == (Verdict.UNTESTED, ())


def test_an_edited_verdict_changes_nothing_but_a_note(
    sample_contract: Loaded, sealed: Callable[..., Path], fresh: Sources
) -> None:
    path = sealed()
    before = judge_contract(sample_contract, [open_bundle(path)], fresh)
    write_derived(path, [claim.bundles[0] for claim in before.claims])
    assert judge_contract(sample_contract, [open_bundle(path)], fresh) == before
    stored = path / "derived" / "verdict.json"
    content = json.loads(stored.read_bytes())
    content["claims"][ID]["verdict"] = "FALSIFIED"
    stored.write_text(json.dumps(content))
    after = judge_contract(sample_contract, [open_bundle(path)], fresh)
    assert [one.verdict for one in after.claims] == [one.verdict for one in before.claims]
    rules = {one.claim.id[-3:]: [finding.rule for finding in one.findings] for one in after.claims}
    assert rules["005"] == ["vacuous-bound", "derived-verdict-differs"]
    assert rules["001"] == []
    assert validate_exit([after]) == 0


def of(verdicts: dict[str, Verdict], claim: Claim) -> list[ClaimVerdict]:
    return [
        ClaimVerdict(claim=claim, verdict=verdict, level=None, reasons=(), findings=(), bundles=())
        for verdict in verdicts.values()
    ]


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ([], Verdict.UNTESTED),
        (["UNTESTED", "UNTESTED"], Verdict.UNTESTED),
        (["DISCHARGED"], Verdict.DISCHARGED),
        (["DISCHARGED", "UNTESTED"], Verdict.PARTIAL),
        (["DISCHARGED", "PARTIAL"], Verdict.PARTIAL),
        (["PARTIAL", "SUSPECT"], Verdict.SUSPECT),
        (["SUSPECT", "FALSIFIED", "UNTESTED"], Verdict.FALSIFIED),
    ],
)
def test_a_stamp_that_averages(found: list[str], expected: Verdict, claim: Claim) -> None:
    claims = of({str(at): Verdict(name) for at, name in enumerate(found)}, claim)
    for order in itertools.permutations(claims):
        assert stamp_of(order)[0] is expected


def test_a_contract_that_stands_on_a_refuted_one(
    sample_contract: Loaded, contract: Contract, honest: Opened, fresh: Sources
) -> None:
    """A dependency that is FALSIFIED, SUSPECT or unknown caps at PARTIAL, by id or by name of the file."""
    good = judge_contract(sample_contract, [honest], fresh)
    base = replace(
        good,
        path=Path("contracts/base.yaml"),
        contract=contract.model_copy(update={"metadata": contract.metadata.model_copy(update={"id": "C-BASE"})}),
    )
    for name, stamp, expected in (
        ("C-BASE", Verdict.DISCHARGED, Verdict.DISCHARGED),
        ("C-BASE", Verdict.PARTIAL, Verdict.DISCHARGED),
        ("C-BASE", Verdict.SUSPECT, Verdict.PARTIAL),
        ("base", Verdict.FALSIFIED, Verdict.PARTIAL),
        ("C-NOWHERE", Verdict.DISCHARGED, Verdict.PARTIAL),
    ):
        needs = contract.model_copy(update={"metadata": contract.metadata.model_copy(update={"depends_on": (name,)})})
        above, below = with_dependencies([replace(good, contract=needs), replace(base, stamp=stamp)])
        assert (above.stamp, below.stamp) == (expected, stamp)
        assert bool(above.reasons) is (expected is Verdict.PARTIAL)


def test_evidence_that_is_not_found(
    sample_contract: Loaded, sealed: Callable[..., Path], tmp_path: Path, fresh: Sources
) -> None:
    """Bundles are found below every root, in the folder named for the contract's file."""
    sealed(root=tmp_path / "evidence")
    roots = [tmp_path / "nowhere", tmp_path / "evidence"]
    (verdict,) = judge_all([sample_contract], roots, fresh)
    assert verdict.stamp is Verdict.DISCHARGED
    assert judge_all([], roots, fresh) == ()


def test_what_the_installed_sources_say(sample_contract: Loaded, honest: Opened) -> None:
    """With the real index every claim is bound, and the made-up digests of the sample are stale."""
    verdict = judge_contract(sample_contract, [honest])
    assert verdict.problems == ()
    assert {one.verdict for one in verdict.claims} == {Verdict.PARTIAL}
    assert {"stale-evidence"} <= set(codes(verdict.claims[4]))
    assert current_sources().laws(verdict.claims[0].claim) == ("step-record",)
