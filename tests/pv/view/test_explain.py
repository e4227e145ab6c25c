"""Everything about one claim."""

from dataclasses import replace

import pytest

from pv.verdict import ContractVerdict, Verdict
from pv.view.explain import explain_payload, explain_text, next_step
from pv.view.json import dump
from pv.view.layout import Screen


def test_missing_part(contract_verdicts: tuple[ContractVerdict, ...]) -> None:
    """Rule, bound, every reason, findings, controls, contrasts, bundles and the next step are told."""
    contract = contract_verdicts[1]
    text = explain_text(contract, contract.claims[0], Screen(width=120))
    for expected in (
        "PARTIAL  level/required integration/live  ship-blocking",
        "rule        Fine-tuning beats the ceiling on held-out code.",
        "bound       < 9.38 nats/token",
        "must kill   unk-corpus",
        "level-below-required: integration, and live is required",
        "mutant-without-receipt: unk-corpus was not killed",
        "vacuous-bound",
        "2026-11-20-micro-ba9876543210  unk-corpus  SUSPECT",
        "4.5322 nats/token, interval 4.41 to 4.66, against < 9.38",
        "constant-logits  6.23832 to 6.23834 nats/token  6.23833 nats/token  right",
        "unigram_entropy  5.61 nats/token  -1.078",
        "Run the controls in order.",
        "remove 2 reasons: level-below-required, mutant-without-receipt",
    ):
        assert expected in text, expected


def test_claim_without_evidence(contract_verdicts: tuple[ContractVerdict, ...]) -> None:
    """An untested claim has no evidence to show and says how to get some."""
    contract = contract_verdicts[1]
    text = explain_text(contract, contract.claims[2], Screen())
    assert "\nevidence\n" not in text
    assert "`pv discharge FALSIFY-APR-PRETRAIN-INIT-FINETUNE-002 --run` runs it" in " ".join(text.split())


@pytest.mark.parametrize("verdict", list(Verdict))
def test_verdict_without_next_step(contract_verdicts: tuple[ContractVerdict, ...], verdict: Verdict) -> None:
    """Every verdict says what to do now."""
    assert next_step(replace(contract_verdicts[1].claims[0], verdict=verdict)).endswith(".")


def test_payload_is_finite_json(contract_verdicts: tuple[ContractVerdict, ...]) -> None:
    """The payload holds the claim, its verdict and the evidence, as JSON."""
    contract = contract_verdicts[1]
    payload = explain_payload(contract, contract.claims[0])
    assert payload["statement"]["bound"] == 9.38
    assert payload["verdict"] == "PARTIAL"
    assert [bundle["mutant"] for bundle in payload["evidence"]] == [None, "unk-corpus"]
    dump(payload)
