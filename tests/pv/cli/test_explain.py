"""`pv explain`."""

import json
from typing import Any

import pytest

from pv.methodology import catalogue


@pytest.mark.parametrize(
    "ref", ["FALSIFY-APR-PRETRAIN-INIT-FINETUNE-005", "FALSIFY-005", "005", "init-finetune/FALSIFY-005"]
)
def test_claim(site: Any, pv: Any, ref: str) -> None:
    """A claim is found by its id, alias, suffix and contract, and explained in full."""
    site.bundle()
    ran = pv("explain", ref)
    assert (ran.status, ran.err) == (0, "")
    for expected in (
        "PARTIAL  level/required integration/live",
        "level-below-required",
        "mutant-without-receipt: unk-corpus",
        "constant-logits",
        "untouched_init_loss",
        "Run the controls in order",
        "next step",
    ):
        assert expected in ran.out, expected


def test_json(site: Any, pv: Any) -> None:
    """The same as JSON."""
    site.bundle()
    payload = json.loads(pv("explain", "FALSIFY-005", "--format", "json").out)
    assert payload["verdict"] == "PARTIAL"
    assert payload["statement"]["bound"] == 9.38
    assert len(payload["evidence"][0]["controls"]) > 30


@pytest.mark.parametrize("rule", sorted(catalogue()))
def test_rule_without_page(site: Any, pv: Any, rule: str) -> None:
    """Every rule that a finding may name has a page."""
    ran = pv("explain", rule)
    assert ran.status == 0
    assert ran.out.startswith(rule)
    assert "has no page" not in ran.out


@pytest.mark.parametrize(("code", "kind"), [("unknown-key", "problem"), ("no-evidence", "reason")])
def test_code_without_page(site: Any, pv: Any, code: str, kind: str) -> None:
    """A code of a problem or of a reason has a page as well."""
    ran = pv("explain", code)
    assert ran.status == 0
    assert ran.out.startswith(f"{code}  {kind}\n\n")
    payload = json.loads(pv("explain", code, "--format", "json").out)
    assert (payload["rule"], payload["kind"], payload["effect"]) == (code, kind, None)


def test_rule_as_json(site: Any, pv: Any) -> None:
    """A rule's page as JSON."""
    payload = json.loads(pv("explain", "control-misread", "--format", "json").out)
    assert (payload["rule"], payload["effect"]) == ("control-misread", "invalidates")


@pytest.mark.parametrize(
    ("ref", "near"),
    [("FALSIFY-05", "FALSIFY-005"), ("control-misred", "control-misread"), ("zzz", "rules: "), ("", "rules: ")],
)
def test_unknown_word(site: Any, pv: Any, ref: str, near: str) -> None:
    """A word that is unknown makes 2 and names what is near it."""
    ran = pv("explain", ref)
    assert (ran.status, ran.out) == (2, "")
    assert near in ran.err


def test_several_claims_of_one_name(site: Any, pv: Any) -> None:
    """Where several claims have the name, they are listed."""
    text = site.contract.read_text(encoding="utf-8")
    other = text.replace("C-APR-PRETRAIN-INIT-FINETUNE", "C-OTHER").replace("FALSIFY-APR-PRETRAIN", "FALSIFY-OTHER")
    (site.root / "contracts" / "other-v1.yaml").write_text(other, encoding="utf-8")
    ran = pv("explain", "FALSIFY-005")
    assert ran.status == 2
    assert "C-OTHER/FALSIFY-OTHER-INIT-FINETUNE-005" in ran.err
