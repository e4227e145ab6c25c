"""The honest fine-tune survives at the level its evidence has, and says what is missing."""

import json
import math
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow


def bundle_of(project, done) -> Path:
    return project.root / done.json["bundle"]


def test_the_honest_run_survives_at_integration_level(honest) -> None:
    payload = honest.json
    assert payload["verdict"] == "PARTIAL"
    assert payload["level"] == "integration"
    assert payload["numerically_passed"] is True
    assert payload["mutant"] is None
    assert {reason["code"] for reason in payload["reasons"]} <= {"level-below-required", "mutant-without-receipt"}
    assert "level-below-required" in {reason["code"] for reason in payload["reasons"]}
    assert honest.status == 3


def test_every_control_was_run_and_read_right(honest) -> None:
    controls = honest.json["controls"]
    assert len(controls) >= 20
    assert [control["name"] for control in controls if control["ok"] is not True] == []


def test_progress_and_estimate_go_to_standard_error(honest) -> None:
    assert "left" in honest.stderr
    assert "judge-oracle" in honest.stderr
    json.loads(honest.stdout)


def test_every_attack_tried_at_least_fifty_cases(project, honest) -> None:
    files = list((bundle_of(project, honest) / "raw" / "attacks").glob("*.jsonl"))
    rows = [json.loads(line) for file in files for line in file.read_text().splitlines()]
    assert [file.stem for file in files] == ["FALSIFY-APR-PRETRAIN-INIT-FINETUNE-005"]
    assert rows
    assert [(row["law"], row["cases"]) for row in rows if row["cases"] < 50] == []


def test_the_lock_was_written_before_step_0(project, honest) -> None:
    raw = bundle_of(project, honest) / "raw"
    locked_at = json.loads((raw / "claim.lock.json").read_text())["locked_at"]
    assert locked_at <= json.loads((raw / "run.json").read_text())["started_at"]


def test_no_path_of_the_machine_is_in_the_bundle(project, honest) -> None:
    raw = bundle_of(project, honest) / "raw"
    found = [
        str(file.relative_to(raw))
        for file in raw.rglob("*")
        if file.is_file() and str(project.root) in file.read_text()
    ]
    assert found == []


def test_the_loss_is_below_every_baseline_by_more_than_its_interval(project, honest) -> None:
    """Recomputed here from the raw rows, without the engine."""
    rows = [json.loads(line) for line in (bundle_of(project, honest) / "raw" / "evals.jsonl").read_text().splitlines()]
    sums = {
        (row["reading"], row["evaluator"], row["document"]): (row["sum_nats"], row["tokens"])
        for row in rows
        if row["split"] == "val-b"
    }
    documents = sorted({document for reading, _, document in sums if reading == "bigram"})
    for baseline in (("unigram", "table"), ("bigram", "table"), ("init", "system")):
        pairs = [
            (sums["final", "oracle", one][0] - sums[*baseline, one][0], sums["final", "oracle", one][1])
            for one in documents
        ]
        tokens = sum(count for _, count in pairs)
        mean = sum(difference for difference, _ in pairs) / tokens
        spread = math.sqrt(
            len(pairs) / (len(pairs) - 1) * sum((difference - mean * count) ** 2 for difference, count in pairs)
        )
        assert mean + 1.7 * spread / tokens < 0, baseline


def test_text_and_json_agree(project, honest) -> None:
    bundle = bundle_of(project, honest)
    text = project.pv("verify", str(bundle))
    data = project.pv("verify", str(bundle), "--format", "json")
    assert text.status == data.status == 0
    assert "PARTIAL" in text.stdout
    assert "PARTIAL" in data.stdout


def test_without_run_nothing_is_run(project) -> None:
    done = project.pv("discharge", "FALSIFY-005", "--profile", "micro")
    assert done.status == 0
    assert "would run" in done.stdout
    assert "add --run" in done.stdout
