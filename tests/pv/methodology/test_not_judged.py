"""A rule that concerns a claim and lacks what it looks at says so: nothing is passed over in silence."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from pv.evidence import Bundle
from pv.methodology import Case, audit
from pv.methodology.rules import RULES

Spoil = Callable[..., Bundle]
Cases = Callable[..., Case]

BARE: Mapping[str, Any] = {
    "run": lambda run: {key: run[key] for key in ("schema_version", "profile", "started_at", "trainer", "mutant")},
    "data": lambda _: {},
    "tensors": lambda _: {},
    "summary": lambda _: {},
    "epochs": (),
    "reported": (),
    "metrics": lambda rows: [{"step": row["step"], "loss": row["loss"]} for row in rows],
    "evals": lambda rows: [row for row in rows if (row["reading"], row["evaluator"]) == ("final", "system")],
    "attacks": lambda _: {},
    "imports": (),
}
"""What another trainer might leave: losses of steps and of documents, and little else."""


def missed(case: Case) -> dict[str, str]:
    return {one.rule: one.reason for one in audit(case).not_judged}


def test_a_foreign_bundle_that_passes_in_silence(case_of: Cases, spoil: Spoil) -> None:
    """On a bundle of another trainer every rule judges what is there, or is listed with what it lacks."""
    case = case_of("005", spoil(**BARE))
    assert set(missed(case)) == {
        "crashed-run",
        "undeclared-early-stop",
        "epoch-differs",
        "tokens-beyond-corpus",
        "impossible-clock",
        "impossible-speed",
        "silent-cpu",
        "best-of-many",
        "oracle-not-independent",
        "other-state",
        "repeated-look",
        "vacuous-bound",
        "dataset-override",
        "uncommitted-code",
    }
    found = {finding.rule for finding in audit(case).findings}
    assert {"control-not-run", "not-recomputed", "law-not-tried", "below-missing"} <= found


def test_a_foreign_record_that_is_judged_all_the_same(case_of: Cases, spoil: Spoil) -> None:
    """What such a bundle does hold is judged as any other."""
    rounded = spoil(**{**BARE, "metrics": lambda rows: [{"step": row["step"], "loss": 2.71} for row in rows]})
    assert "rounded-losses" in {finding.rule for finding in audit(case_of("005", rounded)).findings}


def test_a_law_that_is_asked_for_a_run(case_of: Cases, spoil: Spoil) -> None:
    """A claim about a law has no run, so that nothing of one is missing."""
    case = case_of("005", spoil(**BARE))
    assert case.claim.measure is not None
    law = case.claim.measure.model_copy(update={"series": "attack/ce-shift", "reduce": "max", "split": ""})
    claim = case.claim.model_copy(update={"measure": law, "below": (), "controls": ""})
    assert set(missed(case_of("005", case.bundle, claim))) == {"uncommitted-code"}


H100 = {"platform": "gpu", "kind": "NVIDIA H100 80GB HBM3", "pid": 4242}


def trillions(rows: list) -> list:
    return [{**row, "tokens": 10**15} for row in rows]


def speed(case: Case) -> list[str]:
    audited = audit(case)
    return [one.message for one in audited.findings if one.rule == "impossible-speed"]


def test_a_run_faster_than_its_device(case_of: Cases, spoil: Spoil) -> None:
    """The floor is 6 operations a token and matrix entry, over the peak and the devices."""
    device = {"run": {"device": H100}, "metrics": trillions}
    entries = 512 * 64 + 2 * (2 * 64 * 64 + 2 * 64 * 32 + 3 * 64 * 128)
    floor = 6 * entries * 1e15 / 1979e12
    (loop, steps) = speed(case_of("005", spoil(**device)))
    assert f"{floor:.4g} s or more" in loop
    assert loop.startswith("wall_seconds 12.5")
    assert steps.startswith("steps_wall_seconds")
    two = tuple({"pid": "4242", "device": name, "memory_mib": "9"} for name in ("gpu:a", "gpu:b"))
    assert f"{floor / 2:.4g} s or more" in speed(case_of("005", spoil(**device, device=two)))[0]


def test_a_table_that_is_looked_up_and_counted(case_of: Cases, spoil: Spoil) -> None:
    """Of an untied model one table over the vocabulary is looked up; a tensor that stood still costs a third."""

    def untied(tensors: dict) -> dict:
        return {**tensors, "final": {**tensors["final"], "head": tensors["final"]["embed"]}}

    device = {"run": {"device": H100}, "metrics": trillions}
    whole, other = (speed(case_of("005", spoil(**device, tensors=part)))[0] for part in ({}, untied))
    assert other == whole
    still = spoil(**device, tensors=lambda tensors: {**tensors, "final": tensors["model"]})
    assert f"{2 * (512 * 64 + 73728) * 1e15 / 1979e12:.4g} s or more" in speed(case_of("005", still))[0]


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ({"run": {"device": {**H100, "kind": "NVIDIA GH200 480GB"}}}, "the peak of NVIDIA GH200 480GB is not known"),
        ({"run": {"device": {"kind": None}}}, "the peak of an unnamed device is not known"),
        ({"run": {"device": H100}, "tensors": {"final": {}}}, "the tokens of the run, or its matrices"),
        ({"run": {"device": H100, "config": {"model": {"num_experts": 8}}}}, "the tokens of the run, or its matrices"),
    ],
)
def test_a_device_or_a_model_that_nobody_knows(
    case_of: Cases, spoil: Spoil, parts: dict[str, Any], reason: str
) -> None:
    """Without its peak, its matrices or the share of them that is used, no floor is known: never a pass."""
    case = case_of("005", spoil(metrics=trillions, **parts))
    assert speed(case) == []
    assert missed(case)["impossible-speed"].startswith(reason)


RESIDENT = ({"pid": "4242", "device": "gpu:a", "memory_mib": "9"},)
ELSEWHERE = ({"pid": "1", "device": "gpu:a", "memory_mib": "9"},)


@pytest.mark.parametrize(
    ("run", "samples", "expected"),
    [
        ({"device": H100}, RESIDENT, "right"),
        ({"device": H100}, ELSEWHERE, "found"),
        ({"device": H100}, (), "not judged"),
        ({"device": {"platform": "tpu"}}, RESIDENT, "not judged"),
        ({"device": {}}, RESIDENT, "not judged"),
        ({"argv": ["train", "--device=cuda"]}, (), "found"),
        ({"argv": ["train", "--device", "auto"]}, (), "right"),
        ({"config": {"platform": "gpu"}}, (), "found"),
        ({"flags": {"JAX_PLATFORMS": "cuda,cpu"}}, (), "right"),
    ],
)
def test_an_accelerator_that_nobody_saw(
    case_of: Cases, spoil: Spoil, run: dict[str, Any], samples: tuple, expected: str
) -> None:
    case = case_of("005", spoil(run=run, device=samples))
    struck = "silent-cpu" in {finding.rule for finding in audit(case).findings}
    assert expected == ("found" if struck else "not judged" if "silent-cpu" in missed(case) else "right")


@pytest.mark.parametrize(
    ("loss", "rules"),
    [
        (2.71875, set()),
        (-1.5, {"impossible-loss"}),
        (2.71, {"rounded-losses"}),
        (2.7182817459106445, {"repeated-losses"}),
        (1e39, {"rounded-losses"}),
    ],
)
def test_one_loss_at_every_step(case_of: Cases, spoil: Spoil, loss: float, rules: set[str]) -> None:
    """Losses of bfloat16 repeat by chance, rounded ones are told as such, and only those of float32 say more."""
    case = case_of("003", spoil(metrics=lambda rows: [{**row, "loss": loss} for row in rows]))
    named = {"impossible-loss", "rounded-losses", "repeated-losses"}
    assert {finding.rule for finding in audit(case).findings} & named == rules
    assert ("repeated-losses" in missed(case)) is ("repeated-losses" not in rules)


def test_epochs_without_their_end(case_of: Cases, spoil: Spoil) -> None:
    case = case_of("005", spoil(epochs=lambda rows: [{**rows[0], "step": None}]))
    assert missed(case)["epoch-differs"] == "epoch 0 does not say after which step it ended"


def test_tokens_without_batches(case_of: Cases, spoil: Spoil) -> None:
    """More passes than one over the corpus, where the configuration names none, are noted only."""
    case = case_of("005", spoil(data={"splits": {"train": {"tokens": 10_000}}}))
    notes = [one for one in audit(case).findings if one.rule == "tokens-beyond-corpus"]
    assert [(one.severity, one.message) for one in notes] == [
        ("note", "30720 tokens counted, 3.07 passes over the 10000 of the train split")
    ]
    assert missed(case)["tokens-beyond-corpus"] == "the size and the length of a batch are not recorded"


def test_a_rule_that_says_both(case_of: Cases, spoil: Spoil) -> None:
    """Every rule that is not judged exists, and says what it lacks."""
    names = {rule.id for rule in RULES}
    for one in audit(case_of("005", spoil(**BARE))).not_judged:
        assert one.rule in names
        assert one.reason
