"""Judged contracts from a few lines of YAML, without files of evidence."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pv.contract import load_all
from pv.verdict import (
    BundleVerdict,
    ClaimVerdict,
    ContractVerdict,
    Level,
    Reason,
    Sources,
    Verdict,
    judge_all,
)

HEAD = """\
pv: "1"
metadata: {{id: {id}, version: "1.0.0", description: d, depends_on: [{needs}]}}
"""
CLAIM = "- {{id: {id}, rule: r, prediction: p, if_fails: f, planned: true{more}}}\n"


def contract_text(name: str, *, needs: str = "", body: str = "", claims: tuple[str, ...] = ()) -> str:
    """A contract with claims, each `ID` or `ID, key: value`."""
    text = HEAD.format(id=name, needs=needs) + body
    if claims:
        text += "falsification_tests:\n"
    for claim in claims:
        claim_id, comma, more = claim.partition(",")
        text += CLAIM.format(id=claim_id, more=f",{more}" if comma else "")
    return text


def bundle_verdict(name: str, verdict: Verdict = Verdict.PARTIAL, **fields: Any) -> BundleVerdict:
    """What a bundle says, with what does not matter here left empty."""
    return BundleVerdict(
        **{
            "claim_id": "",
            "bundle": Path("evidence/c") / name,
            "digest": name,
            "profile": "cpu",
            "mutant": None,
            "verdict": verdict,
            "level": Level.INTEGRATION,
            "fresh": True,
            "measurement": None,
            "contrasts": (),
            "numerically_passed": True,
            "controls": (),
            "findings": (),
            "reasons": (),
            "counterexample": None,
            **fields,
        }
    )


@pytest.fixture
def judged(tmp_path: Path) -> Callable[..., tuple[ContractVerdict, ...]]:
    """Judges contract texts; `evidence` gives claims their bundles: all of them must be those of the claim."""

    def make(
        *texts: str, evidence: Mapping[str, tuple[BundleVerdict, ...]] | None = None
    ) -> tuple[ContractVerdict, ...]:
        folder = tmp_path / "contracts"
        folder.mkdir(exist_ok=True)
        for number, text in enumerate(texts):
            (folder / f"file-{number}.yaml").write_text(text, encoding="utf-8")
        sources = Sources(stale=lambda *_: (), laws=lambda _: None)
        verdicts = judge_all(load_all([folder]).files, (), sources)
        given = evidence or {}
        return tuple(
            replace(one, claims=tuple(_with_evidence(claim, given.get(claim.claim.id, ())) for claim in one.claims))
            for one in verdicts
        )

    return make


def _with_evidence(claim: ClaimVerdict, bundles: tuple[BundleVerdict, ...]) -> ClaimVerdict:
    if not bundles:
        return claim
    counted = [one for one in bundles if one.mutant is None]
    if not counted:
        reason = Reason(code="no-evidence", message="only runs under mutants")
        return replace(claim, bundles=bundles, reasons=(reason,))
    best = min(counted, key=lambda one: tuple(Verdict).index(one.verdict))
    return replace(claim, bundles=bundles, verdict=best.verdict, level=best.level, reasons=best.reasons)


@pytest.fixture(scope="session")
def text() -> Callable[..., str]:
    """Writes a contract: see `contract_text`."""
    return contract_text


@pytest.fixture(scope="session")
def bundle() -> Callable[..., BundleVerdict]:
    """Makes what a bundle says: see `bundle_verdict`."""
    return bundle_verdict
