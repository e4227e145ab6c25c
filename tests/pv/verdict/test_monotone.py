"""No fault more, and no row less, ever makes a verdict better."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pv.evidence import Bundle
from pv.verdict import BundleVerdict, Verdict

Judge = Callable[..., BundleVerdict]
Spoil = Callable[..., Bundle]


def scaled(factor: float, *readings: str) -> Callable[[list], list]:
    return lambda rows: [
        {**row, "sum_nats": row["sum_nats"] * factor} if row["reading"] in readings else row for row in rows
    ]


def attack(number: str, law: str, /, **change: Any) -> Callable[[dict], dict]:
    def spoilt(attacks: dict) -> dict:
        claim = "FALSIFY-APR-PRETRAIN-INIT-FINETUNE-" + number
        rows = [{**row, **change} if row["law"] == law else row for row in attacks[claim]]
        return {**attacks, claim: rows}

    return spoilt


GOODNESS = {
    Verdict.DISCHARGED: 2,
    Verdict.PARTIAL: 1,
    Verdict.SUSPECT: 0,
    Verdict.FALSIFIED: 0,
    Verdict.UNTESTED: 0,
}
TROUBLES: dict[str, dict[str, Any]] = {
    "dirty": {"run": {"dirty_digest": "f" * 64}},
    "dataset": {"run": {"dataset": {"name": "mine", "digest": "f" * 64}}},
    "planted": {"run": {"mutant": {"name": "unk-corpus", "patch": "mutant.patch"}}},
    "stopped": {"run": {"planned_steps": 500}},
    "late-lock": {"lock": {"locked_at": "2027-01-01T00:00:00Z"}},
    "overlap": {"data": lambda data: {**data, "overlap": {"val_b": 0.9, "calibration": 0.0, "shared_documents": 1}}},
    "starved": {"attacks": attack("005", "causality", cases=3)},
    "second-look": {"reported": lambda rows: [*rows, rows[-1]]},
    "stored-lie": {"controls": ({"name": "round-trip", "control_set": "lm-loss", "reading": 0.1, "ok": True},)},
    "oracle-off": {"evals": lambda rows: scaled(1.1, "bigram")(scaled(0.9, "init")(rows))},
    "moved": {"tensors": lambda tensors: {**tensors, "evaluated": {}}},
}


@given(some=st.sets(st.sampled_from(sorted(TROUBLES)), max_size=4), more=st.sampled_from(sorted(TROUBLES)))
@settings(max_examples=25, suppress_health_check=list(HealthCheck))
def test_a_fault_more_that_raises_the_verdict(some: set[str], more: str, judge: Judge, spoil: Spoil) -> None:
    def verdict(names: set[str]) -> Verdict:
        bundle = spoil()
        for name in sorted(names):
            bundle = _again(bundle, TROUBLES[name])
        return judge(bundle).verdict

    assert GOODNESS[verdict(some | {more})] <= GOODNESS[verdict(some)]


def _again(bundle: Bundle, parts: dict[str, Any]) -> Bundle:
    changes: dict[str, Any] = {}
    for name, change in parts.items():
        old = getattr(bundle, name)
        old = dict(old) if isinstance(old, dict) else list(old) if isinstance(old, tuple) else old
        new = change(old) if callable(change) else {**old, **change} if isinstance(old, dict) else change
        changes[name] = tuple(new) if isinstance(new, list) else new
    return replace(bundle, **changes)


@given(data=st.data())
@settings(max_examples=40, suppress_health_check=list(HealthCheck))
def test_a_deleted_row_that_discharges(data: st.DataObject, judge: Judge, spoil: Spoil) -> None:
    """Of a bundle that is not DISCHARGED no row of an evaluation, control or attack can be taken away to make it so."""
    trouble = data.draw(st.sampled_from(["overlap", "starved", "stored-lie", "stopped", "bad-oracle", "bad-law"]))
    worse = TROUBLES | {
        "bad-oracle": {"evals": scaled(1.3, "final")},
        "bad-law": {"attacks": attack("005", "tied-head", worst=0.4, outcome="refuted")},
        "stored-lie": {"data": lambda d: {**d, "round_trip": {"documents": 40, "equal": 1}}},
    }
    bundle = _again(spoil(), worse[trouble])
    change = {"bound": 2.9}
    assert judge(bundle, change=change).verdict is not Verdict.DISCHARGED
    part = data.draw(st.sampled_from(["evals", "attacks"]))
    if part == "evals":
        groups = sorted({(row["reading"], row["evaluator"]) for row in bundle.evals})
        whole, group = data.draw(st.booleans()), data.draw(st.sampled_from(groups))
        at = data.draw(st.integers(0, 15))
        mine = [row for row in bundle.evals if (row["reading"], row["evaluator"]) == group]
        gone = mine if whole else mine[min(at, len(mine) - 1) :][:1]
        left = replace(bundle, evals=tuple(row for row in bundle.evals if row not in gone))
    else:
        claim = "FALSIFY-APR-PRETRAIN-INIT-FINETUNE-005"
        law = data.draw(st.sampled_from([row["law"] for row in bundle.attacks[claim]]))
        rows = tuple(row for row in bundle.attacks[claim] if row["law"] != law)
        left = replace(bundle, attacks={**bundle.attacks, claim: rows})
    assert judge(left, change=change).verdict is not Verdict.DISCHARGED
