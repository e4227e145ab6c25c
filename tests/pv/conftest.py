"""A contract, an honest bundle that survives it in full at level integration, and what the sources say of both."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pv.contract import Contract, Loaded, load
from pv.evidence import Bundle, Opened, open_bundle
from pv.methodology import Case, control_readings
from pv.verdict import Sources, examine
from pv.verdict.measuring import measured, resolved_bound

CONTRACT = Path(__file__).parents[2] / "contracts" / "apr-pretrain-init-finetune-v1.yaml"
PREFIX = "FALSIFY-APR-PRETRAIN-INIT-FINETUNE-"
LM_LOSS = {
    "causality": ("spread", 2e-6),
    "definition": ("spread", 2e-6),
    "padding-invariance": ("nats/token", 2e-6),
    "batch-order": ("spread", 2e-6),
    "masked-positions": ("nats/token", 2e-6),
    "input-sensitivity": ("spread", -0.3),
    "target-alignment": ("nats/token", 2e-6),
    "evaluator-repeat": ("nats/token", 2e-6),
    "tied-head": ("spread", 0.0),
    "weights-on-disk": ("entries", 0.0),
    "window-from-corpus": ("rows", 0.0),
}
CLAIM_LAWS = {
    "001": {"step-record": ("steps", 0.0)},
    "002": {"step-clock": ("s", -1.0)},
    "003": {"init-flow": ("nats/token", -2.0)},
    "004": {"weights-on-disk": ("entries", 0.0)},
    "005": {},
    "006": {"device-record": ("errors", 0.0)},
    "007": {"init-beats-scratch": ("nats/token", -3.0)},
}
LAWS = {
    PREFIX + number: {**own, **({} if number in {"001", "002", "006"} else LM_LOSS)}
    for number, own in CLAIM_LAWS.items()
}


def attack_row(law: str, role: str, unit: str, worst: float) -> dict[str, Any]:
    return {
        "law": law,
        "role": role,
        "unit": unit,
        "tolerance": 1e-4,
        "cases": 60,
        "discards": 2,
        "seed": 11,
        "worst": worst,
        "nearest_margin": worst - 1e-4,
        "outcome": "survived",
        "reason": "",
        "counterexample": None,
    }


def attacks() -> dict[str, list[dict[str, Any]]]:
    return {
        claim: [
            attack_row(law, "claim" if law in CLAIM_LAWS[claim[-3:]] else "control", unit, worst)
            for law, (unit, worst) in laws.items()
        ]
        for claim, laws in LAWS.items()
    }


def at_integration(loaded: Loaded) -> Loaded:
    """The contract, asking for no more than a run on a CPU can give, and for no receipts."""
    assert loaded.contract is not None
    claims = tuple(
        claim.model_copy(update={"requires": "integration", "counter_example_classes": ()})
        for claim in loaded.contract.claims
    )
    return replace(loaded, contract=loaded.contract.model_copy(update={"falsification_tests": claims}))


@pytest.fixture(scope="session")
def live_contract() -> Loaded:
    return load(CONTRACT)


@pytest.fixture(scope="session")
def sample_contract(live_contract: Loaded) -> Loaded:
    return at_integration(live_contract)


@pytest.fixture(scope="session")
def sealed(make_bundle: Callable[..., Path], sample_contract: Loaded) -> Callable[..., Path]:
    """Builds a sealed bundle that survives `sample_contract`, and spoils it on demand."""
    assert sample_contract.contract is not None
    claims = [
        {
            "id": claim.id,
            "meaning_digest": "b" * 64,
            "falsifier": "some-falsifier",
            "falsifier_digest": "c" * 64,
            "op": claim.op,
            "bound": claim.bound,
            "requires": claim.requires,
            "mutants": [],
        }
        for claim in sample_contract.contract.claims
    ]

    def build(**spoilt: Any) -> Path:
        lock = {"contract": {"id": "C-APR-PRETRAIN-INIT-FINETUNE", "version": "1.0.0", "digest": "a" * 64}}
        return make_bundle(**{"attacks": lambda _: attacks(), "lock": lock, "claims": claims, **spoilt})

    return build


@pytest.fixture(scope="session")
def honest(sealed: Callable[..., Path]) -> Opened:
    opened = open_bundle(sealed())
    assert opened.faults == ()
    assert opened.bundle is not None
    return opened


@pytest.fixture(scope="session")
def honest_bundle(honest: Opened) -> Bundle:
    assert honest.bundle is not None
    return honest.bundle


@pytest.fixture(scope="session")
def fresh() -> Sources:
    """Sources for which every bundle is fresh."""
    return Sources(
        stale=lambda claim, contract, bundle: (),
        laws=lambda claim: tuple(LAWS[claim.id]) if claim.id in LAWS else None,
    )


def spoilt(bundle: Bundle, **parts: Any) -> Bundle:
    """The bundle with parts replaced: a mapping merges into an object, a function gets the old part."""
    changes: dict[str, Any] = {}
    for name, change in parts.items():
        old = getattr(bundle, name)
        if callable(change):
            changes[name] = change(json.loads(json.dumps(old, default=list)))
        elif isinstance(change, Mapping) and isinstance(old, Mapping):
            changes[name] = {**old, **change}
        else:
            changes[name] = change
        if isinstance(changes[name], list):
            changes[name] = tuple(changes[name])
    return replace(bundle, **changes)


@pytest.fixture(scope="session")
def spoil(honest_bundle: Bundle) -> Callable[..., Bundle]:
    return lambda **parts: spoilt(honest_bundle, **parts)


@pytest.fixture(scope="session")
def case_of(sample_contract: Loaded, honest_bundle: Bundle) -> Callable[..., Case]:
    """Makes the case of a claim (`005` by default), in the honest bundle or another; keywords replace its fields."""

    def make(number: str = "005", bundle: Bundle | None = None, claim: Any = None, **fields: Any) -> Case:
        contract: Contract | None = sample_contract.contract
        assert contract is not None
        claim = claim or contract.claim(PREFIX + number)
        bundle = bundle or honest_bundle
        found = examine(Opened(path=bundle.path, bundle=bundle, faults=()), contract)
        case = Case(
            contract=contract,
            claim=claim,
            bundle=bundle,
            quantities=found.quantities,
            controls=control_readings(claim.controls, bundle),
            measured=measured(claim, bundle, found.quantities)[0],
            bound=resolved_bound(claim, found.quantities)[0],
            laws=tuple(LAWS[claim.id]),
        )
        return replace(case, **fields)

    return make
