"""Each rule fires on a spoilt case and stays silent on the honest one."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from pv.evidence import Bundle, Fault, Opened
from pv.methodology import Case, Effect, Finding, audit, catalogue, fault_findings
from pv.methodology.rules import RULES

HEADINGS = ("What it hunts", "Why", "How it looks", "What to do", "Blind spots", "Source")


def found(case: Case, rule: str) -> list[Finding]:
    return [finding for finding in audit(case).findings if finding.rule == rule]


def without(reading: str, evaluator: str, *, rows: int = 1) -> Callable[[list], list]:
    """Leave out the first rows of a reading."""

    def change(evals: list) -> list:
        left, kept = rows, []
        for row in evals:
            if (row["reading"], row["evaluator"]) == (reading, evaluator) and left:
                left -= 1
            else:
                kept.append(row)
        return kept

    return change


def first_row(**change: Any) -> Callable[[list], list]:
    return lambda rows: [{**rows[0], **change}, *rows[1:]]


def attack(claim: str, **change: Any) -> Callable[[dict], dict]:
    def spoil(attacks: dict) -> dict:
        rows = attacks["FALSIFY-APR-PRETRAIN-INIT-FINETUNE-" + claim]
        return {
            **attacks,
            "FALSIFY-APR-PRETRAIN-INIT-FINETUNE-" + claim: [{**rows[0], **change}, *rows[1:]],
        }

    return spoil


def unlocked(lock: dict) -> dict:
    return {**lock, "claims": [{**row, "meaning_digest": ""} for row in lock["claims"]]}


EPOCHS = {"train": {"epochs": 2, "batch_size": 8, "seq_length": 64}}

SPOILT: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("post-hoc-lock", "005", {"lock": {"locked_at": "2026-05-20T10:00:01.000+00:00"}}),
    ("post-hoc-lock", "005", {"lock": {"locked_at": "yesterday"}}),
    ("post-hoc-lock", "005", {"lock": {"locked_at": None}}),
    ("post-hoc-lock", "005", {"run": {"started_at": "2026-05-20T09:00:00Z"}}),
    ("post-hoc-lock", "005", {"lock": {"contract": {"id": "x"}}}),
    ("post-hoc-lock", "005", {"lock": unlocked}),
    ("crashed-run", "005", {"run": {"exit_code": -9}}),
    ("crashed-run", "006", {"run": {"exit_code": 1}}),
    ("undeclared-early-stop", "005", {"run": {"planned_steps": 500, "exit_reason": "early_stop"}}),
    ("undeclared-early-stop", "001", {"run": {"planned_steps": 500, "exit_reason": "diverged"}}),
    ("truncated-record", "005", {"run": {"planned_steps": 500}}),
    ("truncated-record", "005", {"run": {"planned_steps": None}}),
    ("truncated-record", "005", {"metrics": lambda rows: rows[:-1]}),
    ("truncated-record", "005", {"metrics": lambda rows: [*rows[:5], *rows[6:]]}),
    ("truncated-record", "005", {"metrics": lambda rows: [*rows[:5], rows[4], *rows[5:]]}),
    ("truncated-record", "005", {"metrics": lambda rows: [rows[1], rows[0], *rows[2:]]}),
    ("truncated-record", "005", {"metrics": first_row(loss="NaN")}),
    ("oracle-not-independent", "005", {"imports": [{"judge": "oracle judge", "modules": ["numpy", "aprtrain.model"]}]}),
    ("oracle-not-independent", "002", {"run": {"oracles": {"falsifiers.oracles.attention": ["aprtrain.model"]}}}),
    ("incomplete-evaluation", "005", {"evals": without("final", "oracle")}),
    ("incomplete-evaluation", "005", {"evals": without("final", "system")}),
    ("incomplete-evaluation", "005", {"evals": without("unigram", "table")}),
    ("incomplete-evaluation", "005", {"evals": without("dose-1", "system")}),
    ("incomplete-evaluation", "007", {"evals": without("step0-scratch", "oracle")}),
    (
        "incomplete-evaluation",
        "005",
        {"data": lambda data: {**data, "scored": {**data["scored"], "documents": None}}},
    ),
    ("control-misread", "005", {"attacks": attack("005", worst=0.2)}),
    ("control-misread", "005", {"attacks": attack("005", law="unheard-of", outcome="refuted")}),
    (
        "recorded-reading-differs",
        "005",
        {"controls": ({"name": "round-trip", "control_set": "lm-loss", "reading": 0.5},)},
    ),
    (
        "recorded-reading-differs",
        "005",
        {"controls": ({"name": "round-trip", "control_set": "lm-loss", "reading": None},)},
    ),
    (
        "recorded-reading-differs",
        "005",
        {"controls": ({"name": "round-trip", "control_set": "lm-loss", "reading": "NaN"},)},
    ),
    ("control-not-run", "005", {"evals": without("zero", "system", rows=99)}),
    ("not-recomputed", "005", {"evals": without("final", "oracle", rows=99)}),
    ("law-not-tried", "005", {"attacks": attack("005", law="another")}),
    ("law-not-tried", "005", {"attacks": attack("005", law=["no text"])}),
    ("law-not-tried", "003", {"attacks": {"FALSIFY-APR-PRETRAIN-INIT-FINETUNE-003": ()}}),
    ("lost-power", "005", {"attacks": attack("005", law="another")}),
    (
        "lost-power",
        "005",
        {"lock": lambda lock: {**lock, "claims": [{**row, "mutants": ["x"]} for row in lock["claims"]]}},
    ),
    ("case-starvation", "005", {"attacks": attack("005", cases=49)}),
    ("case-starvation", "005", {"attacks": attack("005", cases="many")}),
    ("case-starvation", "005", {"attacks": attack("005", outcome="inconclusive")}),
    ("case-starvation", "005", {"attacks": attack("005", cases=49, fewest=20)}),
    ("repeated-look", "005", {"reported": lambda rows: [*rows, rows[-1]]}),
    ("below-missing", "005", {"evals": without("bigram", "table", rows=99)}),
    ("below-missing", "005", {"evals": without("bigram", "table")}),
    ("foreign-evidence", "005", {"lock": {"profile": "h200"}}),
    ("foreign-evidence", "005", {"lock": {"contract": {"id": "C-ANOTHER", "digest": "a" * 64}}}),
    ("foreign-evidence", "006", {"run": {"contract": "C-ANOTHER"}}),
    ("foreign-evidence", "005", {"run": {"device": {"platform": "cpu", "pid": 7}}, "summary": {"device": {"pid": 7}}}),
    ("foreign-evidence", "005", {"run": {"config": {"tokenizer_digest": "f" * 64}}}),
    ("impossible-loss", "003", {"metrics": first_row(loss=-0.1)}),
    ("impossible-loss", "005", {"evals": first_row(sum_nats=0.0)}),
    ("repeated-losses", "005", {"metrics": lambda rows: [{**row, "loss": 2.5 + row["step"] % 9 / 7} for row in rows]}),
    ("rounded-losses", "005", {"metrics": lambda rows: [{**row, "loss": round(row["loss"], 4)} for row in rows]}),
    ("repeated-documents", "005", {"evals": lambda rows: [{**row, "sum_nats": 9.0, "tokens": 200} for row in rows]}),
    ("epoch-differs", "005", {"epochs": first_row(train_ppl=20.0)}),
    ("epoch-differs", "005", {"epochs": first_row(val_loss=2.0, val_ppl=7.38905609893065)}),
    ("epoch-differs", "005", {"epochs": first_row(tokens_seen=1)}),
    ("tokens-beyond-corpus", "002", {"metrics": lambda rows: [*rows[:5], {**rows[5], "tokens": 7}, *rows[6:]]}),
    ("tokens-beyond-corpus", "005", {"data": {"splits": {"train": {"tokens": 9}}}, "run": {"config": EPOCHS}}),
    ("impossible-clock", "005", {"metrics": first_row(wall_ms=0.0)}),
    ("impossible-clock", "005", {"run": {"finished_at": "2026-05-20T09:00:00+00:00"}}),
    ("impossible-clock", "002", {"run": {"wall_seconds": 30.0}}),
    ("silent-cpu", "005", {"run": {"flags": {"JAX_PLATFORMS": "cuda"}}}),
    ("silent-cpu", "002", {"run": {"device": {"platform": "gpu", "pid": 4242}}}),
    (
        "other-state",
        "005",
        {"run": {"executed_steps": 61}, "reported": lambda rows: [{**row, "step": 58} for row in rows]},
    ),
    ("best-of-many", "005", {"reported": lambda rows: [*rows, {**rows[-1], "step": 90, "loss": 3.0}]}),
    (
        "unconsumed-tensor",
        "004",
        {"tensors": lambda part: {**part, "source": {"bias": {"consumed": False, "digest": "f" * 64}}}},
    ),
    ("planted-fault-run", "005", {"run": {"mutant": {"name": "unk-corpus", "patch": "mutant.patch"}}}),
    ("dataset-override", "005", {"run": {"dataset": {"name": "mine", "digest": "f" * 64}}}),
    ("uncommitted-code", "005", {"run": {"dirty_digest": "f" * 64}}),
)


@pytest.mark.parametrize(("rule", "claim", "parts"), SPOILT)
def test_a_fault_that_its_rule_does_not_find(
    rule: str, claim: str, parts: dict[str, Any], case_of: Callable[..., Case], spoil: Callable[..., Bundle]
) -> None:
    findings = found(case_of(claim, spoil(**parts)), rule)
    assert findings
    assert {finding.effect for finding in findings} == {catalogue()[rule].effect}


@pytest.mark.parametrize("number", [f"{number:03d}" for number in range(1, 8)])
def test_a_rule_that_strikes_an_honest_run(number: str, case_of: Callable[..., Case]) -> None:
    """On the honest bundle no rule invalidates or caps; the vacuous bound of 005 is noted."""
    findings = audit(case_of(number)).findings
    assert [finding for finding in findings if finding.effect is not Effect.NOTES] == []
    assert [finding.rule for finding in findings] == (["vacuous-bound"] if number == "005" else [])


def fields(case: Case, **change: Any) -> Case:
    return replace(case, **change)


def test_a_claim_whose_own_fields_are_at_fault(case_of: Callable[..., Case]) -> None:
    """Units, plausibility, vacuity, clusters, staleness and receipts are read from the case itself."""
    case = case_of("005")
    claim, measured = case.claim, case.measured
    assert claim.measure is not None
    assert claim.plausible is not None
    assert measured is not None
    in_bits = claim.model_copy(update={"measure": claim.measure.model_copy(update={"unit": "bits/token"})})
    assert found(fields(case, claim=in_bits), "units-mixed")
    assert found(fields(case, measured=replace(measured, value=0.0008)), "implausible-value")
    assert not found(fields(case, measured=replace(measured, value=float("nan"))), "implausible-value")
    assert found(fields(case, measured=replace(measured, clusters=measured.clusters[:29])), "too-few-clusters")
    assert found(fields(case, stale=("the claim's meaning has changed",)), "stale-evidence")
    mutants = claim.model_copy(update={"counter_example_classes": ("unk-corpus", "eval-cached", "val-is-train")})
    states = {"unk-corpus": "killed", "eval-cached": "survived"}
    findings = found(fields(case, claim=mutants, receipts=states), "mutant-without-receipt")
    assert [finding.message for finding in findings] == [
        "eval-cached: it survived",
        "val-is-train: no run under it",
    ]
    single = fields(case, measured=replace(measured, clusters=()))
    assert len(found(single, "below-missing")) == 3
    no_set = claim.model_copy(update={"controls": "no-such-set"})
    assert found(fields(case, claim=no_set, controls=()), "control-not-run")


def test_a_vacuous_bound_without_contrasts(case_of: Callable[..., Case]) -> None:
    """It caps without `below`, is noted with it, and a bound that no baseline meets is none."""
    case = case_of("005")
    bare = fields(case, claim=case.claim.model_copy(update={"below": ()}))
    assert [finding.effect for finding in found(bare, "vacuous-bound")] == [Effect.CAPS]
    assert [finding.effect for finding in found(case, "vacuous-bound")] == [Effect.NOTES]
    assert found(fields(bare, bound=3.0), "vacuous-bound") == []
    above = bare.claim.model_copy(update={"op": ">"})
    assert found(fields(bare, claim=above), "vacuous-bound") == []


def test_a_bound_that_was_loosened_after_the_run(case_of: Callable[..., Case], spoil: Callable[..., Bundle]) -> None:
    """A looser bound or a lower level than was locked caps; a tighter one does not."""

    def locked(**change: Any) -> Bundle:
        return spoil(lock=lambda lock: {**lock, "claims": [{**row, **change} for row in lock["claims"]]})

    assert found(case_of("005", locked(bound=5.0)), "loosened-bound")
    assert found(case_of("005", locked(requires="live", bound=9.38)), "loosened-bound")
    assert not found(case_of("005", locked(requires="integration", bound=12.0)), "loosened-bound")
    assert not found(case_of("005", locked(requires="integration", bound=5.0, op=">")), "loosened-bound")


def test_a_crash_that_hides_what_it_proves(case_of: Callable[..., Case], spoil: Callable[..., Bundle]) -> None:
    """The exit status of a crashed run is sound evidence, and so is a log that names a fault of the device."""
    crashed = {"run": {"exit_code": -11, "exit_reason": "crashed", "planned_steps": None}}
    assert found(case_of("001", spoil(**crashed)), "crashed-run") == []
    assert found(case_of("001", spoil(**crashed)), "truncated-record") == []
    log = "step 3\nCUDA_ERROR_ILLEGAL_ADDRESS: an illegal memory access\n"
    assert found(case_of("006", spoil(log=log, **crashed)), "crashed-run") == []


def epoch(number: int, step: int, train_loss: float) -> dict[str, Any]:
    return {"epoch": number, "step": step, "train_loss": train_loss}


def test_an_epoch_that_takes_its_steps_from_another(case_of: Callable[..., Case], spoil: Callable[..., Bundle]) -> None:
    """An epoch's loss is the mean of its own steps, or the loss of its last one; a mean over all so far is neither."""
    losses = [row["loss"] for row in case_of("005").bundle.metrics]
    means = [sum(losses[:30]) / 30, sum(losses[30:]) / 30, sum(losses) / 60]
    for second, fires in ((means[1], False), (losses[-1], False), (means[2], True), (losses[-2], True)):
        epochs = (epoch(1, 60, second), epoch(0, 30, means[0]))
        messages = [one.message for one in found(case_of("005", spoil(epochs=epochs)), "epoch-differs")]
        assert bool(messages) is fires
        assert all(message.startswith("epoch 1: train_loss") for message in messages)


def test_tokens_of_accumulated_batches(case_of: Callable[..., Case], spoil: Callable[..., Bundle]) -> None:
    """A step that accumulates two batches holds the tokens of both."""
    train = {"batch_size": 8, "seq_length": 32}
    for accumulate, fires in ((1, True), (2, False)):
        config = {"config": {"train": {**train, "accumulate": accumulate}}}
        assert bool(found(case_of("005", spoil(run=config)), "tokens-beyond-corpus")) is fires


def test_a_run_that_ends_before_it_begins(case_of: Callable[..., Case], spoil: Callable[..., Bundle]) -> None:
    ended = spoil(run={"finished_at": "2026-05-20T09:59:00.000+00:00"})
    (finding,) = found(case_of("002", ended), "impossible-clock")
    assert finding.message == "it ended 60 s before it began"


def test_a_last_look_that_is_taken_for_the_luckiest(case_of: Callable[..., Case], spoil: Callable[..., Bundle]) -> None:
    """An earlier look was lower, and what is measured is the last one all the same."""
    honest = spoil(reported=lambda rows: [{**rows[-1], "step": 30, "loss": 2.0}, *rows])
    assert not found(case_of("005", honest), "best-of-many")


@pytest.mark.parametrize(("step", "fires"), [(60, False), (59, False), (58, True), (61, True)])
def test_a_look_at_another_state(
    case_of: Callable[..., Case], spoil: Callable[..., Bundle], step: int, *, fires: bool
) -> None:
    """The last look is after the last step, whether steps count from 1 or from 0."""
    looked = spoil(reported=lambda rows: [{**row, "step": step} for row in rows])
    assert bool(found(case_of("005", looked), "other-state")) is fires


def test_a_stored_ok_that_the_band_contradicts(case_of: Callable[..., Case], spoil: Callable[..., Bundle]) -> None:
    """A reading out of its band that is stored as right is a lie, even where the number itself is true."""
    wrong = {"data": lambda data: {**data, "round_trip": {"documents": 40, "equal": 20}}}
    row = {"name": "round-trip", "control_set": "lm-loss", "reading": 0.5, "ok": True}
    assert found(case_of("005", spoil(controls=(row,), **wrong)), "recorded-reading-differs")
    assert not found(case_of("005", spoil(controls=({**row, "ok": False},), **wrong)), "recorded-reading-differs")
    other_set = {**row, "control_set": "another", "reading": 7.0}
    assert not found(case_of("005", spoil(controls=(other_set,))), "recorded-reading-differs")


def test_a_fault_of_opening_that_is_lost(case_of: Callable[..., Case]) -> None:
    """What opening found invalidates, known rule or not."""
    faults = (
        Fault(rule="altered-evidence", file="raw/evals.jsonl", message="sealed with 3 bytes, now 4"),
        Fault(rule="from-the-future", file="raw/x", message="?"),
    )
    findings = audit(case_of("005", faults=faults)).findings
    assert [finding.rule for finding in findings[:2]] == ["altered-evidence", "from-the-future"]
    assert {finding.effect for finding in fault_findings(faults)} == {Effect.INVALIDATES}
    assert findings[0].place == "raw/evals.jsonl"
    assert findings[0].severity == "error"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_page_without_its_headings(rule: Any) -> None:
    """Every rule has a page with the same headings, in the same order."""
    assert rule.page is not None
    title, _, rest = rule.page.partition("\n\n")
    assert title.endswith(".")
    assert re.findall(r"^([A-Z][a-z ]+):", rest, re.MULTILINE) == list(HEADINGS)


def test_rules_that_share_a_name() -> None:
    assert list(catalogue()) == [rule.id for rule in RULES]
    assert len(catalogue()) == len(RULES)
    untested = {rule.id for rule in RULES if rule.check} - {rule for rule, _, _ in SPOILT}
    assert untested == {
        "same-check",
        "units-mixed",
        "implausible-value",
        "vacuous-bound",
        "too-few-clusters",
        "stale-evidence",
        "undeclared-rerun",
        "redispatch-misstated",
        "loosened-bound",
        "bound-after-reading",
        "impossible-speed",
        "states-compared",
        "mutant-without-receipt",
        "one-sided-bound",
        "single-statistic",
    }


def opened(bundle: Bundle, *faults: Fault) -> Opened:
    return Opened(path=bundle.path, bundle=bundle, faults=faults)


def again(bundle: Bundle, former: Bundle, changed: list[dict[str, str]]) -> dict[str, Any]:
    return {"redispatch_of": {"bundle": former.path.name, "digest": former.digest, "changed": changed}}


SEED = {"part": "seed", "name": "seed", "before": "1", "after": "0"}


@pytest.mark.parametrize(
    ("changed", "effect", "said"),
    [
        ([], Effect.INVALIDATES, "not stated: seed seed was 1, is 0"),
        ([SEED], None, ""),
        ([SEED, {**SEED, "name": "other"}], Effect.INVALIDATES, "stated, and not so: seed other was 1, is 0"),
        ([{**SEED, "before": "2"}], Effect.INVALIDATES, "not stated: seed seed was 1, is 0"),
    ],
)
def test_changes_that_are_not_those_of_the_records(
    case_of: Callable[..., Case],
    spoil: Callable[..., Bundle],
    honest_bundle: Bundle,
    changed: list[dict[str, str]],
    effect: Effect | None,
    said: str,
) -> None:
    former = spoil(run={"seed": 1})
    bundle = spoil(run=again(honest_bundle, former, changed))
    findings = found(case_of("005", bundle, former=opened(former)), "redispatch-misstated")
    assert (findings[0].effect if findings else None) == effect
    assert said in (findings[0].message if findings else "")


def test_a_former_run_that_cannot_be_shown(
    case_of: Callable[..., Case], spoil: Callable[..., Bundle], honest_bundle: Bundle
) -> None:
    """Absent or altered, it caps: what is measured is still sound."""
    bundle = spoil(run=again(honest_bundle, honest_bundle, []))
    fault = Fault(rule="altered-evidence", file="raw/run.json", message="sealed with 3 bytes, now 4")
    other = replace(honest_bundle, digest="f" * 64)
    cases = {
        "is not among the evidence": None,
        "was altered: sealed with 3 bytes": opened(honest_bundle, fault),
        "was altered: its digest is another": opened(other),
    }
    for said, former in cases.items():
        (finding,) = found(case_of("005", bundle, former=former), "redispatch-misstated")
        assert finding.effect is Effect.CAPS
        assert said in finding.message
    assert not found(case_of("005", bundle, former=opened(honest_bundle)), "redispatch-misstated")


@pytest.mark.parametrize(
    ("op", "other", "fires"),
    [("<", 9.0, True), ("<", 1.0, False), (">", 1.0, True), (">", 9.0, False), ("==", 9.0, True), ("==", 9.38, False)],
)
def test_a_better_reading_of_the_same_run(case_of: Callable[..., Case], op: str, other: float, fires: bool) -> None:
    """Better is lower, higher or nearer to the bound, as the claim asks; an equal reading is no better one."""
    case = case_of("005")
    assert case.measured
    claim = case.claim.model_copy(update={"op": op})
    bound = 9.38 if op != "==" or not fires else case.measured.value
    assert bool(found(fields(case, claim=claim, bound=bound, reruns={"run": other}), "undeclared-rerun")) is fires
    same = {"run": case.measured.value}
    assert not found(fields(case, claim=claim, reruns=same), "undeclared-rerun")
