"""What parts causes that explain a symptom alike."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pv.evidence import open_bundle
from pv.investigation import Finding, Injection, Library, Report, Status, Trial, experiments, load, partings
from pv.investigation.model import Band, Made
from pv.verdict import ClaimVerdict, Level, Verdict, examine, judge_bundle

FAULTS = ("unk-corpus", "eval-cached")
UNKNOWN = {"data": lambda d: {**d, "scored": {**d["scored"], "histogram": {"0": 32830, "1": 2}}}}
LOSSY = {"data": lambda d: {**UNKNOWN["data"](d), "round_trip": {"documents": 40, "equal": 3}}}
TEXT = """\
investigation: "1"
id: unknown
title: Nearly every token is unknown.
symptom: {claim: FALSIFY-005, bundle: b, quantity: scored_unk_share, expected: {high: 0.001, unit: ratio}}
"""


def cause(name: str, mutant: str) -> Finding:
    trials = [Trial(how=Made(), bundle=Path("b"), value=1.0, passed=True) for _ in range(2)]
    return Finding(
        id=name,
        says="",
        status=Status.SUPPORTED,
        level=None,
        real=Status.SUPPORTED,
        sentence="",
        tested=(),
        injection=Injection(mutant=mutant, planted=trials[0], removed=trials[1]),
        tied=True,
    )


@pytest.fixture
def report(tmp_path: Path) -> Report:
    """Two faults of which each explains the symptom."""
    path = tmp_path / "unknown.yaml"
    path.write_text(TEXT)
    loaded = load(path)
    assert loaded.investigation is not None
    return Report(
        path=path,
        investigation=loaded.investigation,
        claim_id="FALSIFY-ELSEWHERE-001",
        quantity="scored_unk_share",
        bundle=Path("b"),
        value=0.999,
        level=Level.INTEGRATION,
        band=Band(low=0.1, high=1.0, unit="ratio"),
        findings=tuple(map(cause, ("H1", "H2"), FAULTS)),
        whys=(),
    )


@pytest.fixture
def known(sample_contract: Any, sealed: Any) -> Callable[..., Library]:
    """What is known where the claim was tried under these faults."""
    contract = sample_contract.contract
    claim = contract.claims[4].model_copy(update={"counter_example_classes": FAULTS})

    def build(*spoilt: dict[str, Any]) -> Library:
        exhibits = tuple(examine(open_bundle(sealed(**one)), contract) for one in spoilt)
        bundles = tuple(judge_bundle(claim, contract, one) for one in exhibits)
        verdict = ClaimVerdict(
            claim=claim, verdict=Verdict.UNTESTED, level=None, reasons=(), findings=(), bundles=bundles
        )
        return Library(contracts=(contract,), tried={claim.id: verdict}, exhibits=exhibits)

    return build


def test_the_reading_that_differs_in_magnitude_is_named(report: Report, known: Callable[..., Library]) -> None:
    library = known({"mutant": "unk-corpus", **UNKNOWN}, {"mutant": "eval-cached", **LOSSY})
    (found,) = partings(report, library)
    assert (found.causes, found.mutants) == (("H1", "H2"), FAULTS)
    assert (found.quantity, found.values) == ("round_trip_share", (1.0, 3 / 40))
    assert (found.symptom, experiments(report, library)) == (None, ())


def test_the_symptoms_own_run_may_hold_what_parts_them(report: Report, known: Callable[..., Library]) -> None:
    """The claim is that of the symptom, whose run is the last of these."""
    library = known({"mutant": "unk-corpus", **UNKNOWN}, {"mutant": "eval-cached", **LOSSY}, UNKNOWN)
    own = replace(report, claim_id=next(iter(library.tried)), bundle=library.exhibits[-1].opened.path)
    assert [one.symptom for one in partings(own, library)] == [1.0]


def test_runs_that_read_alike_part_nothing(report: Report, known: Callable[..., Library]) -> None:
    library = known(*({"mutant": one, **UNKNOWN} for one in FAULTS))
    assert (partings(report, library), experiments(report, library)) == ((), ())


def test_only_like_runs_are_compared(report: Report, known: Callable[..., Library]) -> None:
    library = known({"mutant": "unk-corpus", **UNKNOWN}, {"mutant": "eval-cached", "run": {"seed": 3}, **LOSSY})
    assert partings(report, library) == ()


@pytest.mark.parametrize(("tried", "lacking"), [FAULTS, FAULTS[::-1]])
def test_a_claim_that_was_tried_under_one_alone_is_tried_under_the_other(
    report: Report, known: Callable[..., Library], tried: str, lacking: str
) -> None:
    (wanted,) = experiments(report, known({"mutant": tried, "profile": "micro", "run": {"seed": 3}, **UNKNOWN}))
    assert wanted.splits == ("H1", "H2")
    assert wanted.command.endswith(f"FINETUNE-005 --run --profile micro --seed 3 --mutant {lacking}")


def test_nothing_is_asked_where_causes_are_not_tied(report: Report, known: Callable[..., Library]) -> None:
    apart = replace(report, findings=tuple(replace(one, tied=False) for one in report.findings))
    library = known({"mutant": "unk-corpus", **UNKNOWN})
    assert (partings(apart, library), experiments(apart, library)) == ((), ())
