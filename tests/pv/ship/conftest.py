"""Ledgers and verdicts, made up."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from pv.contract import Claim, Contract
from pv.ship import LoadedLedger, load_ledger
from pv.verdict import ClaimVerdict, ContractVerdict, Reason, Verdict

NAMES = ("X-001", "X-002", "X-003", "X-004")


def contract_of(names: tuple[str, ...] = NAMES) -> Contract:
    claims = tuple(
        Claim(id=name, aliases=(f"ALIAS-{name}",), rule="r", prediction="p", if_fails="i", planned=True)
        for name in names
    )
    metadata = {"id": "C-X", "version": "1.0.0", "description": "d"}
    made = Contract.model_validate({"pv": "1", "metadata": metadata}, strict=False)
    return made.model_copy(update={"falsification_tests": claims})


def _verdicts_of(words: Mapping[str, str], reasons: tuple[Reason, ...] = ()) -> tuple[ContractVerdict, ...]:
    """One contract whose claims have the verdicts."""
    contract = contract_of(tuple(words))
    claims = tuple(
        ClaimVerdict(
            claim=claim,
            verdict=Verdict(words[claim.id]),
            level=None,
            reasons=() if words[claim.id] == "DISCHARGED" else (Reason(code="no-evidence", message="why"),),
            findings=(),
            bundles=(),
        )
        for claim in contract.claims
    )
    stamp = min((claim.verdict for claim in claims), key=list(Verdict).index)
    return (
        ContractVerdict(
            path=Path("x.yaml"), contract=contract, stamp=stamp, claims=claims, problems=(), reasons=reasons
        ),
    )


def _ledger_of(criteria: Mapping[str, tuple[int, list[str]]]) -> dict[str, Any]:
    """A ledger of one model, as YAML holds it."""
    return {
        "ship": "1",
        "models": [
            {
                "id": "M",
                "says": "a model",
                "criteria": [
                    {"id": name, "says": "s", "weight": weight, "claims": claims}
                    for name, (weight, claims) in criteria.items()
                ],
            }
        ],
    }


@pytest.fixture(scope="session")
def ledger_of() -> Callable[..., dict[str, Any]]:
    """Makes a ledger of one model from criteria: name to weight and claims."""
    return _ledger_of


@pytest.fixture(scope="session")
def verdicts_of() -> Callable[..., tuple[ContractVerdict, ...]]:
    """Makes the verdicts of one contract from claims and words."""
    return _verdicts_of


@pytest.fixture
def read(tmp_path: Path) -> Callable[[Any], LoadedLedger]:
    """Reads a ledger from a text, or from what YAML would hold."""

    def load(content: Any) -> LoadedLedger:
        path = tmp_path / "ship.yaml"
        path.write_text(content if isinstance(content, str) else yaml.safe_dump(content, sort_keys=False))
        return load_ledger(path, [contract_of()])

    return load
