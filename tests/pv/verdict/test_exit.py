from itertools import permutations
from pathlib import Path

import pytest

from pv.contract import Loaded, Problem
from pv.verdict import (
    ClaimVerdict,
    ContractVerdict,
    Level,
    Reason,
    Verdict,
    discharge_exit,
    stamp_of,
    validate_exit,
    worst,
)


@pytest.fixture
def claims(sample_contract: Loaded) -> dict[str, ClaimVerdict]:
    assert sample_contract.contract is not None
    claim = sample_contract.contract.claims[0]
    return {
        verdict.value: ClaimVerdict(
            claim=claim, verdict=verdict, level=Level.INTEGRATION, reasons=(), findings=(), bundles=()
        )
        for verdict in Verdict
    }


def contract(*claims: ClaimVerdict, problems: tuple[Problem, ...] = ()) -> ContractVerdict:
    return ContractVerdict(
        path=Path("c.yaml"), contract=None, stamp=stamp_of(claims)[0], claims=claims, problems=problems
    )


def problem(code: str, severity: str) -> Problem:
    return Problem(code=code, severity=severity, path="c.yaml", line=1, column=1, message="?")  # type: ignore[arg-type]


def test_a_precedence_that_depends_on_the_order() -> None:
    for codes in permutations([0, 1, 2, 3, 4, 70]):
        assert worst(codes) == 70
    assert [worst(codes) for codes in ((2, 4), (4, 1), (1, 3), (3, 0), ())] == [2, 4, 1, 3, 0]


@pytest.mark.parametrize(
    ("verdict", "expected"),
    [("FALSIFIED", 1), ("SUSPECT", 4), ("PARTIAL", 0), ("DISCHARGED", 0), ("UNTESTED", 0)],
)
def test_validate(verdict: str, expected: int, claims: dict[str, ClaimVerdict]) -> None:
    assert validate_exit([contract(claims[verdict])]) == expected


def test_validate_that_judged_nothing_and_passed() -> None:
    assert validate_exit([]) == 3


def test_validate_that_looks_at_stamps_only(claims: dict[str, ClaimVerdict]) -> None:
    """A suspect claim beside a falsified one breaks trust, although the stamp is FALSIFIED."""
    both = contract(claims["FALSIFIED"], claims["SUSPECT"])
    assert (both.stamp, validate_exit([both])) == (Verdict.FALSIFIED, 4)
    assert validate_exit([contract(claims["DISCHARGED"]), both, contract(claims["PARTIAL"])]) == 4


@pytest.mark.parametrize(
    ("code", "severity", "expected"),
    [("over-claim", "error", 4), ("unbound", "error", 2), ("unknown-key", "warning", 0), ("over-claim", "warning", 0)],
)
def test_problems(code: str, severity: str, expected: int, claims: dict[str, ClaimVerdict]) -> None:
    assert validate_exit([contract(claims["PARTIAL"], problems=(problem(code, severity),))]) == expected


def partial(claims: dict[str, ClaimVerdict], *codes: str, level: Level | None) -> ClaimVerdict:
    made = claims["PARTIAL"]
    return ClaimVerdict(
        claim=made.claim,
        verdict=Verdict.PARTIAL,
        level=level,
        reasons=tuple(Reason(code=code, message="") for code in codes),
        findings=(),
        bundles=(),
    )


@pytest.mark.parametrize(
    ("verdict", "expected"),
    [("FALSIFIED", 1), ("SUSPECT", 4), ("PARTIAL", 3), ("DISCHARGED", 0), ("UNTESTED", 3)],
)
def test_discharge(verdict: str, expected: int, claims: dict[str, ClaimVerdict]) -> None:
    assert discharge_exit([claims[verdict]]) == expected
    assert discharge_exit([claims[verdict], claims["DISCHARGED"]]) == expected


def test_discharge_of_nothing() -> None:
    assert discharge_exit([]) == 3


def test_a_level_that_is_asked_for(claims: dict[str, ClaimVerdict]) -> None:
    """A lower level is met by a claim that lacks the level and nothing else; the verdict stays what it is."""
    level, other = "level-below-required", "control-not-run"
    at = Level.INTEGRATION
    assert discharge_exit([partial(claims, level, level=at)], at) == 0
    assert discharge_exit([partial(claims, level, level=at)], Level.ALGORITHM) == 0
    assert discharge_exit([partial(claims, level, level=at)], Level.LIVE) == 3
    assert discharge_exit([partial(claims, level, level=at)]) == 3
    assert discharge_exit([partial(claims, level, other, level=at)], at) == 3
    assert discharge_exit([partial(claims, level, level=None)], at) == 3
