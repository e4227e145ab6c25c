"""Verdicts in which any text may be a stranger's."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import strategies as st

from pv.contract import Claim, Contract, Metadata, Problem
from pv.methodology import Effect, Finding
from pv.verdict import ClaimVerdict, ContractVerdict, Level, Reason, Verdict

GOLDEN = Path(__file__).parent / "golden"
PIECES = ("%0A", "::error::", "\r\n", "\n", "\x00", "\x1b[31m", "]]>", "<", "&", '"', "|", ",", ":", "\u2028", "\ud800")
TEXT = st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=6).map("".join)
PATH = TEXT.map(lambda text: text.replace("\ud800", "\udcff"))
"""Bytes of a name that are no UTF-8 arrive as low surrogates."""


@st.composite
def hostile_verdicts(draw: st.DrawFn) -> tuple[ContractVerdict, ...]:
    """A contract whose every text is hostile, with a claim of every verdict."""
    reasons = st.lists(st.builds(Reason, code=TEXT, message=TEXT), max_size=2).map(tuple)
    findings = st.lists(
        st.builds(Finding, rule=TEXT, effect=st.sampled_from(list(Effect)), message=TEXT, place=TEXT), max_size=2
    ).map(tuple)
    claims = tuple(
        ClaimVerdict(
            claim=Claim.model_construct(
                id=draw(TEXT), aliases=(draw(TEXT),), rule=draw(TEXT), prediction="", if_fails="", requires=draw(TEXT)
            ),
            verdict=verdict,
            level=draw(st.sampled_from([None, *Level])),
            reasons=draw(reasons),
            findings=draw(findings),
            bundles=(),
        )
        for verdict in Verdict
    )
    problem = Problem(
        code=draw(TEXT),
        severity=draw(st.sampled_from(["error", "warning"])),
        path=draw(PATH),
        line=draw(st.integers(-1, 9)),
        column=draw(st.integers(-1, 9)),
        message=draw(TEXT),
        hint=draw(TEXT),
    )
    metadata = Metadata.model_construct(id=draw(TEXT), version=draw(TEXT), description="", depends_on=())
    contract = Contract.model_construct(metadata=metadata, falsification_tests=())
    stamp, path = draw(st.sampled_from(list(Verdict))), Path(draw(PATH))
    problems = draw(st.sampled_from([(), (problem,), (problem, problem)]))
    whole = ContractVerdict(
        path=path, contract=contract, stamp=stamp, claims=claims, problems=problems, reasons=draw(reasons)
    )
    return whole, replace(whole, contract=None, claims=())


@pytest.fixture(scope="session")
def strangers() -> st.SearchStrategy[tuple[ContractVerdict, ...]]:
    return hostile_verdicts()


@pytest.fixture
def many(contract_verdicts: tuple[ContractVerdict, ...]) -> tuple[ContractVerdict, ...]:
    """A contract with 30 claims that are SUSPECT and 30 that are PARTIAL."""
    base = contract_verdicts[1]
    claims = []
    for number in range(60):
        claim = base.claims[0].claim.model_copy(update={"id": f"CLAIM-{number:03d}", "aliases": ()})
        bad = number % 2 == 0
        reason = Reason(code="control-misread" if bad else "level-below-required", message="an example")
        claims.append(
            replace(
                base.claims[0],
                claim=claim,
                verdict=Verdict.SUSPECT if bad else Verdict.PARTIAL,
                reasons=(reason,),
                findings=(),
            )
        )
    return (replace(base, claims=tuple(claims), problems=(), reasons=(), stamp=Verdict.SUSPECT),)


@pytest.fixture
def frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The version is left out of golden files."""
    monkeypatch.setattr("pv.view.formats.sarif.version", lambda: "VERSION")


@pytest.fixture
def same_as_golden():
    """Compares a text with a file under `golden/`."""

    def compare(name: str, text: str) -> None:
        assert text == (GOLDEN / name).read_text(encoding="utf-8")

    return compare
