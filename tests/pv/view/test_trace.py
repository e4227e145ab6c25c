"""Coverage and queries in words and as JSON."""

from dataclasses import replace
from pathlib import Path

import pytest

from pv.trace import Break, Coverage, Entry, Kind, Traced, bundle_date, deciding_bundle
from pv.verdict import BundleVerdict, ContractVerdict, Verdict
from pv.view.layout import Screen
from pv.view.trace import coverage_payload, coverage_text, query_payload, query_text, status_text

GAP = Break(at="FALSIFY-A-001", code="unbound", message="no falsifier is bound to the claim")
FULL = Coverage(
    path=Path("a.yaml"),
    contract="C-A",
    readable=True,
    traced=(
        Traced(kind=Kind.OBLIGATION, name="OBL-1", breaks=(GAP,)),
        Traced(kind=Kind.CLAIM, name="FALSIFY-A-001", breaks=(GAP,), alias="A-1"),
        Traced(kind=Kind.CLAIM, name="FALSIFY-A-002", breaks=()),
    ),
)
EMPTY = Coverage(path=Path("b.yaml"), contract="C-B", readable=True)
BROKEN = Coverage(path=Path("c.yaml"), contract="c.yaml", readable=False)


def test_coverage_names_what_is_not_linked() -> None:
    """Shares by link, the names of the rest, the claim where each chain breaks."""
    assert coverage_text([FULL, EMPTY, BROKEN], Screen(width=110)).splitlines() == [
        "contract  equations         obligations       claims",
        "C-A       nothing to cover  0 of 1            1 of 2",
        "C-B       nothing to cover  nothing to cover  nothing to cover",
        "c.yaml    not readable      not readable      not readable",
        "all       nothing to cover  0 of 1            1 of 2",
        "",
        "C-A: 2 parts without a chain to fresh evidence",
        "  obligation  OBL-1  unbound: no falsifier is bound to the claim, at A-1",
        "  claim       A-1    unbound: no falsifier is bound to the claim",
        "",
        "3 contracts, 1 of 3 parts linked to fresh evidence; 1 file not readable",
    ]


def test_nothing_is_never_everything() -> None:
    """0 of 0 is nothing to cover, and a share of it is null, not one."""
    assert coverage_text([EMPTY], Screen()).splitlines()[-1] == "1 contract, nothing to cover"
    payload = coverage_payload([EMPTY])
    assert payload["summary"]["claims"] == {"linked": 0, "total": 0, "share": None}
    assert coverage_payload([FULL])["contracts"][0]["claims"] == {"linked": 1, "total": 2, "share": 0.5}


def test_query() -> None:
    """Claims with verdict, level and falsifier; the rest without."""
    entries = [
        Entry(kind=Kind.EQUATION, contract="C", name="loss", text="L"),
        Entry(kind=Kind.CLAIM, contract="C", name="FALSIFY-1", text="r", verdict=Verdict.UNTESTED, requires="live"),
    ]
    lines = query_text(entries, Screen()).splitlines()
    assert lines[2].split() == ["claim", "FALSIFY-1", "UNTESTED", "-/live", "unbound", "r"]
    assert lines[-1] == "found 1 equation, 1 claim"
    assert query_text([], Screen()) == "found nothing"
    assert query_payload(entries)["found"][0]["verdict"] is None


def test_status(contract_verdicts: tuple[ContractVerdict, ...]) -> None:
    """Each claim has a row with the evidence that decides it and the day of it."""
    lines = status_text(contract_verdicts, Screen(width=200)).splitlines()
    assert "FALSIFIED  C-APR-PRETRAIN-INIT-FINETUNE  3 claims, 2 evaluated, 1 untested" in lines
    (row,) = (line for line in lines if "FALSIFY-005" in line)
    assert row.split() == [
        "FALSIFY-005", "PARTIAL", "integration/live", "2026-11-20-micro-0123456789ab", "2026-11-20"
    ]  # fmt: skip
    (row,) = (line for line in lines if "-002" in line)
    assert row.split()[1:] == ["UNTESTED", "-/live", "-", "-"]


def test_mutant_run_is_no_evidence(contract_verdicts: tuple[ContractVerdict, ...], suspect: BundleVerdict) -> None:
    """A run under a mutant never counts as the evidence of a claim."""
    survived = contract_verdicts[1].claims[0]
    later = replace(suspect, bundle=Path("2027-01-01-micro-ba9876543210"))
    found = deciding_bundle(replace(survived, bundles=(*survived.bundles, later)))
    assert found
    assert found.mutant is None
    assert deciding_bundle(replace(survived, bundles=(later,))) is None


@pytest.mark.parametrize(
    ("name", "date"),
    [("2026-11-20-cpu-abc", "2026-11-20"), ("20261120-cpu", "2026-11-20"), ("run-7", ""), ("", "")],
)
def test_date_of_a_folder(name: str, date: str) -> None:
    """The day is read from the folder's name, where it carries one."""
    assert bundle_date(Path(name)) == date
