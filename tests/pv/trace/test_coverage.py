"""What is linked to fresh evidence, and where the other chains break."""

from typing import Any

import pytest

from pv.trace import Coverage, Kind, coverage
from pv.verdict import Reason, Verdict

BODY = """\
equations: {loss: {formula: L}}
proof_obligations:
- {id: OBL-1, type: bound, property: p, applies_to: loss, tested_by: [FALSIFY-A-001, FALSIFY-A-002]}
"""
BOTH = ("FALSIFY-A-001", "FALSIFY-A-002")


def state(covered: Coverage) -> dict[str, list[tuple[str, str]]]:
    return {one.name: [(found.at, found.code) for found in one.breaks] for one in covered.traced}


def test_all_the_way(judged: Any, text: Any, bundle: Any) -> None:
    """Fresh evidence for every claim links the obligation and the equation above them."""
    evidence = {name: (bundle("2026-01-01-a"),) for name in BOTH}
    (covered,) = coverage(judged(text("C-A", body=BODY, claims=BOTH), evidence=evidence))
    assert state(covered) == {"loss": [], "OBL-1": [], "FALSIFY-A-001": [], "FALSIFY-A-002": []}
    assert [one.name for one in covered.of(Kind.CLAIM)] == list(BOTH)


def test_one_claim_breaks_what_is_above(judged: Any, text: Any, bundle: Any) -> None:
    """Half of the claims is not half of the obligation: it names the claim where the chain ends."""
    evidence = {"FALSIFY-A-001": (bundle("2026-01-01-a"),)}
    (covered,) = coverage(judged(text("C-A", body=BODY, claims=BOTH), evidence=evidence))
    gap = [("FALSIFY-A-002", "planned")]
    assert state(covered) == {"loss": gap, "OBL-1": gap, "FALSIFY-A-001": [], "FALSIFY-A-002": gap}


def test_tests_without_links_cover_nothing(judged: Any, text: Any, bundle: Any) -> None:
    """Many claims with evidence, none cited: the equation is not linked, whatever their number."""
    body = "equations: {loss: {formula: L}}\n"
    evidence = {name: (bundle("2026-01-01-a"),) for name in BOTH}
    (covered,) = coverage(judged(text("C-A", body=body, claims=BOTH), evidence=evidence))
    assert state(covered)["loss"] == [("loss", "no-obligation")]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"fresh": False}, "stale-evidence"),
        ({"verdict": Verdict.SUSPECT}, "suspect-evidence"),
        ({"mutant": "unk-corpus"}, "no-evidence"),
        (
            {"verdict": Verdict.UNTESTED, "reasons": (Reason(code="not-measured", message="m"),)},
            "not-measured",
        ),
    ],
)
def test_evidence_that_does_not_count(judged: Any, text: Any, bundle: Any, fields: Any, code: str) -> None:
    """Stale, untrusted, mutated and empty evidence end the chain at the claim."""
    evidence = {"FALSIFY-A-001": (bundle("2026-01-01-a", **fields),)}
    (covered,) = coverage(judged(text("C-A", claims=("FALSIFY-A-001",)), evidence=evidence))
    assert state(covered) == {"FALSIFY-A-001": [("FALSIFY-A-001", code)]}


def test_refuting_evidence_is_evidence(judged: Any, text: Any, bundle: Any) -> None:
    """A refuted claim is linked: what the evidence says is not asked here."""
    evidence = {"FALSIFY-A-001": (bundle("2026-01-01-a", Verdict.FALSIFIED),)}
    (covered,) = coverage(judged(text("C-A", claims=("FALSIFY-A-001",)), evidence=evidence))
    assert state(covered) == {"FALSIFY-A-001": []}


def test_discharged_by_another(judged: Any, text: Any, bundle: Any) -> None:
    """The chain goes on in the claim it is discharged by; one that leads nowhere or back is a break."""
    evidence = {"FALSIFY-B-001": (bundle("2026-01-01-a"),)}
    claims = (
        "FALSIFY-A-001, discharged_by: C-B/FALSIFY-B-001",
        "FALSIFY-A-002, discharged_by: C-B/NO",
        "FALSIFY-A-003, discharged_by: C-B/FALSIFY-B-002",
    )
    other = text("C-B", claims=("FALSIFY-B-001", "FALSIFY-B-002, discharged_by: C-A/FALSIFY-A-003"))
    covered = coverage(judged(text("C-A", claims=claims), other, evidence=evidence))[0]
    assert {name: [code for _, code in breaks] for name, breaks in state(covered).items()} == {
        "FALSIFY-A-001": [],
        "FALSIFY-A-002": ["planned", "unknown-claim"],
        "FALSIFY-A-003": ["planned", "circular"],
    }


def test_obligation_that_cites_nothing_or_nobody(judged: Any) -> None:
    """An older obligation without `tested_by`, and one that cites a claim that does not exist."""
    legacy = """\
metadata: {id: c, version: "1"}
proof_obligations:
- {id: O1, type: bound, property: p}
- {id: O2, type: bound, property: p, tested_by: [NO]}
falsification_tests:
- {id: T1, rule: r, prediction: p, if_fails: f}
"""
    (covered,) = coverage(judged(legacy))
    assert state(covered)["O1"] == [("O1", "no-claim")]
    assert state(covered)["O2"] == [("O2", "unknown-claim")]


def test_nothing_and_unreadable(judged: Any, text: Any) -> None:
    """An empty contract has nothing to trace; a file that is no contract says that it cannot be read."""
    empty, unreadable = coverage(judged(text("C-A"), "- 1\n"))
    assert (empty.traced, empty.readable) == ((), True)
    assert (unreadable.traced, unreadable.readable, unreadable.contract) == ((), False, "file-1.yaml")
