"""What must hold inside one investigation."""

from collections.abc import Callable

import pytest

from pv.investigation import Loaded

CONTROL = "{control: scored-unk-share, reads: wrong}"
CITE = "{quantity: train/loss last, reads: 0.0008, unit: nats/token}"
WRONG = {
    "two hypotheses of one name": (("id: H2", "id: H1"), "duplicate-id", "H1"),
    "nothing decides it": (("      - {control: constant-logits, reads: wrong}", "      []"), "inert", "H2"),
    "a prediction about nothing": ((CONTROL, "{reads: wrong}"), "bad-value", "none"),
    "a prediction about two things": (
        (CONTROL, "{control: overlap, claim: FALSIFY-005, reads: wrong}"),
        "bad-value",
        "control and claim",
    ),
    "a control that is refuted": ((CONTROL, "{control: overlap, reads: refuted}"), "bad-value", "wrong"),
    "a claim in one bundle": (
        (CONTROL, "{claim: FALSIFY-005, reads: refuted, bundle: x}"),
        "bad-value",
        "over all its evidence",
    ),
    "a quantity without its rivals": (
        ("        rivals: {low: 2.0, unit: nats/token}\n", ""),
        "bad-value",
        "`rivals`",
    ),
    "bands that share a reading": (
        ("rivals: {low: 2.0", "rivals: {low: 0.05"),
        "not-discriminating",
        "0.05 to 0.1 nats/token",
    ),
    "bands that touch": (("rivals: {low: 2.0", "rivals: {low: 0.1"), "not-discriminating", "0.1 nats/token"),
    "bands in two units": (
        ("rivals: {low: 2.0, unit: nats/token", "rivals: {low: 2.0, unit: bits/token"),
        "unit-mismatch",
        "bits/token",
    ),
    "a band without ends": (("expected: {low: 0.3, high: 6.0, unit", "expected: {unit"), "missing-key", "`low`"),
    "a band the wrong way round": (("{low: 0.3, high: 6.0", "{low: 6.0, high: 0.3"), "empty-band", "6 to 0.3"),
    "a symptom of no run": (("  run: {profile: cpu}\n", ""), "missing-key", "not named"),
    "a symptom of two runs": (("  run: {profile: cpu}", "  run: {profile: cpu}\n  bundle: x"), "bad-value", "too"),
    "a citation of nothing": ((CITE, "{reads: 0.0008, unit: nats/token}"), "bad-value", "citation"),
    "a citation without its reading": ((CITE, "{quantity: train/loss last}"), "bad-value", "`reads`"),
    "a citation without its verdict": ((CITE, "{claim: FALSIFY-005}"), "bad-value", "`verdict`"),
}


@pytest.mark.parametrize(("change", "code", "said"), WRONG.values(), ids=WRONG)
def test_a_rule_that_is_broken(changed: Callable[..., Loaded], change: tuple[str, str], code: str, said: str) -> None:
    found = changed(change).problems
    assert [one.code for one in found] == [code]
    assert said in f"{found[0].message} {found[0].hint}"
    assert found[0].line > 1
