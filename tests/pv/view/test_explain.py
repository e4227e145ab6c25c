"""Everything about one claim."""

from dataclasses import replace

import pytest

from pv.methodology import NotJudged
from pv.verdict import BundleVerdict, ContractVerdict, Precision, Reason, Verdict
from pv.view.explain import explain_payload, explain_text, next_step
from pv.view.json import dump
from pv.view.layout import Screen
from pv.view.trial import precision_lines


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


def test_a_claim_that_hides_what_was_not_judged(contract_verdicts: tuple[ContractVerdict, ...]) -> None:
    contract = contract_verdicts[1]
    missed = (NotJudged(rule="impossible-speed", reason="the peak of cpu is not known"),)
    text = explain_text(contract, replace(contract.claims[0], not_judged=missed), Screen(width=120))
    assert "not judged\n  impossible-speed  the peak of cpu is not known" in text


@pytest.mark.parametrize(
    ("code", "needed", "expected"),
    [
        ("interval-straddles", 50, "against < 9.38: 10 more documents like these, 50 in all, would do as often as not"),
        ("level-below-required", 50, "against < 9.38: 10 more documents like these, 50 in all, are needed"),
        ("interval-straddles", None, "against < 9.38: the mean is on the wrong side"),
        ("level-below-required", None, "the scored text is worth 500 independent tokens"),
    ],
)
def test_an_interval_that_does_not_say_what_it_lacks(
    honest: BundleVerdict, code: str, needed: int | None, expected: str
) -> None:
    """An interval tells its sample, its confidence, and how many documents would make it clear."""
    assert honest.measurement
    precision = Precision(documents=40, tokens=9000, confidence=0.975, looks=2, design_effect=18.0, needed=needed)
    verdict = replace(
        honest,
        measurement=replace(honest.measurement, precision=precision),
        contrasts=(replace(honest.contrasts[0], lower=-1.0, upper=1.0, needed=70),),
        reasons=(Reason(code=code, message="…"),),
    )
    text = "\n".join(precision_lines(verdict, Screen(width=120)))
    assert expected in text
    assert "40 documents, 9000 tokens; one-sided confidence 0.975, shared out over 2 looks" in text
    assert "against unigram_entropy: 30 more documents like these, 70 in all, would do as often as not" in text


def test_a_number_without_a_sample_that_shows_one(honest: BundleVerdict) -> None:
    assert precision_lines(honest, Screen()) == []
    assert precision_lines(replace(honest, measurement=None), Screen()) == []


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
