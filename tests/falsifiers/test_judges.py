import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from fake_trainer import write_job

from falsifiers import index

HERE, ROOT = Path(__file__).parent, Path(__file__).parents[2]


def judge(name, job, out, **environment):
    path = os.pathsep.join([str(job.parent / "site"), str(HERE), str(ROOT)])
    return subprocess.run(
        [sys.executable, "-P", "-m", f"falsifiers.{name}", "--job", str(job), "--out", str(out)],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": path, **environment},
        cwd=job.parent,
    )


def rows(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


@pytest.fixture(scope="module")
def clean(tmp_path_factory):
    job = write_job(tmp_path_factory.mktemp("clean"))
    out = job.parent / "raw"
    out.mkdir()
    (out / "log.txt").write_text("device: cpu\ncompleted\n")
    done = [judge(name, job, out) for name in ("system_judge", "oracle_judge")]
    assert [(d.returncode, d.stderr) for d in done if d.returncode] == []
    return out, done


def imported(out):
    return {row["judge"]: set(row["modules"]) for row in rows(out / "imports.jsonl")}


def test_what_each_judge_imported_is_written_down(clean):
    """The system judge questions the trainer; the oracle rests on other oracles and on installed packages."""
    found = imported(clean[0])
    assert {"fake_trainer", "falsifiers.bench", "numpy"} <= found["system judge"]
    assert {"falsifiers.oracles.decoder", "numpy"} <= found["oracle judge"]
    assert not {"fake_trainer", "aprtrain", "jax"} & {name.partition(".")[0] for name in found["oracle judge"]}


def test_an_oracle_that_imported_the_trainer_cannot_hide_it(tmp_path):
    job = write_job(tmp_path)
    (tmp_path / "site" / "sitecustomize.py").write_text("import fake_trainer\n")
    assert judge("oracle_judge", job, tmp_path / "raw").returncode == 0
    assert "fake_trainer" in imported(tmp_path / "raw")["oracle judge"]


def means(out):
    sums = {}
    for row in rows(out / "evals.jsonl"):
        total, count, documents = sums.get((row["reading"], row["evaluator"], row["split"]), (0, 0, 0))
        key = row["reading"], row["evaluator"], row["split"]
        sums[key] = total + row["sum_nats"], count + row["tokens"], documents + 1
    return {key: (total / count, documents) for key, (total, count, documents) in sums.items()}


def test_every_step_of_a_sound_trial_is_done(clean):
    out, done = clean
    assert [row for row in rows(out / "judge.jsonl") if row["status"] != "done"] == []
    first, *_, last = done[0].stderr.splitlines()
    assert (first, last) == ("system judge: 1/50 record of the run", "system judge: 50/50 law whole-pass")


def test_every_reading_is_there(clean):
    found = means(clean[0])
    subset = ("random", "zero", "dose-0.01", "dose-0.05", "dose-0.25", "dose-1")
    documents = {(name, "system", "val-b"): 16 for name in subset}
    documents |= {(name, "system", "val-b"): 20 for name in ("final", "init", "shuffled-targets", "uniform-targets")}
    documents |= {("final", "system", "val-a"): 20, ("final", "oracle", "val-b"): 20}
    documents |= {("unigram", "table", "val-b"): 20, ("bigram", "table", "val-b"): 20}
    documents |= {("step0-init", "oracle", "step-0"): 4, ("step0-scratch", "oracle", "step-0"): 4}
    assert {key: count for key, (_, count) in found.items()} == documents


def test_known_answers_read_right(clean):
    found = {key: mean for key, (mean, _) in means(clean[0]).items()}
    ln_v = 5.552959584921617
    assert found["zero", "system", "val-b"] == pytest.approx(ln_v, abs=1e-9)
    assert found["uniform-targets", "system", "val-b"] >= ln_v - 0.1
    assert found["final", "oracle", "val-b"] == pytest.approx(found["final", "system", "val-b"], abs=1e-5)
    assert found["shuffled-targets", "system", "val-b"] >= found["unigram", "table", "val-b"]


def test_data_and_tensors_are_whole(clean):
    data = json.loads((clean[0] / "data.json").read_text())
    assert set(data) == {
        "tokenizer",
        "tokenizer_digests",
        "context",
        "splits",
        "trained",
        "scored",
        "round_trip",
        "overlap",
        "batch",
    }
    assert data["round_trip"] == {"documents": 20, "equal": 20}
    assert data["batch"] == {"step": 0, "windows": 4, "found": 4}
    assert data["scored"]["tokens"] == sum(data["scored"]["histogram"].values()) == 20 * 40
    assert data["overlap"]["shared_documents"] == 0
    assert len(set(data["tokenizer_digests"].values())) == 1
    tensors = json.loads((clean[0] / "tensors.json").read_text())
    evaluated = json.loads((clean[0] / "evaluated.json").read_text())["evaluated"]
    assert set(tensors) == {"expected", "init", "final", "source", "model", "reported_final"}
    assert evaluated == tensors["final"] == tensors["reported_final"]
    assert tensors["init"] == tensors["model"]
    expected = {name: (row["shape"], row["dtype"]) for name, row in tensors["expected"].items()}
    assert expected == {name: (row["shape"], row["dtype"]) for name, row in tensors["final"].items()}


OF_THE_TRAINER = {
    *("duplicate-step", "compiled-kernels", "gqa-live-parity", "rmsnorm-live-parity", "rope-live-parity"),
    *("softmax-live-parity", "swiglu-live-parity"),
    *("device-gradients", "replica-digests", "same-seed", "bisection-false-alarms", "trace-is-innocent"),
}
"""Laws that take functions of `aprtrain` itself or start it, which the trainer here is not."""


def test_every_law_of_every_claim_about_runs_survives_enough_cases(clean):
    built = index.build()
    judged = {path.stem for path in (clean[0] / "attacks").iterdir()}
    about_runs = {name: row for name, row in built["falsifiers"].items() if "about" not in row}
    assert judged == {claim for claim, bound in built["claims"].items() if about_runs.get(bound, {}).get("laws")}
    for claim in judged:
        falsifier = built["claims"][claim]
        attacks = rows(clean[0] / "attacks" / f"{claim}.jsonl")
        assert sorted(row["law"] for row in attacks) == sorted(built["falsifiers"][falsifier]["laws"])
        tried = [row for row in attacks if row["law"] not in OF_THE_TRAINER]
        assert [row for row in tried if row["outcome"] != "survived" or row["cases"] < 50] == []


def test_json_is_finite_and_sorted(clean):
    for path in (*clean[0].glob("*.jsonl"), *clean[0].glob("attacks/*.jsonl")):
        for line in path.read_text().splitlines():
            assert line == json.dumps(json.loads(line), sort_keys=True, allow_nan=False, ensure_ascii=False)


def test_a_trainer_that_will_not_open_leaves_reasons(tmp_path):
    job = write_job(tmp_path)
    done = judge("system_judge", job, tmp_path / "raw", FAKE_FAULT="will-not-open")
    assert done.returncode == 0, done.stderr
    failed = [row for row in rows(tmp_path / "raw" / "judge.jsonl") if row["status"] == "failed"]
    assert (failed[0]["step"], failed[0]["reason"]) == ("system judge: open", "ValueError: cannot open")
    assert {row["reason"] for row in failed[1:]} == {
        "ReadingError: the system did not open",
        "ValueError: cannot open",
    }
    causality = rows(tmp_path / "raw" / "attacks" / "FALSIFY-APR-PRETRAIN-INIT-FINETUNE-005.jsonl")[0]
    assert causality["outcome"] == "inconclusive"
    assert causality["reason"] == "crashed: open: ValueError: cannot open"
    assert (
        rows(tmp_path / "raw" / "attacks" / "FALSIFY-APR-PRETRAIN-INIT-FINETUNE-001.jsonl")[0]["outcome"] == "survived"
    )
    assert judge("oracle_judge", job, tmp_path / "raw").returncode == 0
    beside = rows(tmp_path / "raw" / "attacks" / "FALSIFY-APR-PRETRAIN-INIT-FINETUNE-007.jsonl")[-1]
    assert (beside["law"], beside["outcome"]) == ("init-beats-scratch", "inconclusive")
    assert "scratch.npz" in beside["reason"] or "step0.npz" in beside["reason"]


def test_readings_that_are_not_finite_are_left_out(tmp_path):
    job = write_job(tmp_path)
    assert judge("system_judge", job, tmp_path / "raw", FAKE_FAULT="nan").returncode == 0
    failed = {row["step"]: row["reason"] for row in rows(tmp_path / "raw" / "judge.jsonl") if row["reason"]}
    assert failed["system judge: final loss"].startswith("ReadingError: 20 documents without a finite loss")
    attacks = rows(tmp_path / "raw" / "attacks" / "FALSIFY-APR-PRETRAIN-INIT-FINETUNE-005.jsonl")
    assert {row["law"]: row["worst"] for row in attacks}["causality"] == "NaN"


@pytest.mark.parametrize("name", ["system_judge", "oracle_judge"])
@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"shards": "/nowhere"}, "shards=/nowhere is no folder"),
        ({"claims": {"X-1": "no-such-falsifier"}}, "falsifier 'no-such-falsifier': unknown; known are"),
        ({"scored_split": "val-c"}, "'val-c'"),
    ],
)
def test_a_job_that_cannot_begin_is_one_line(tmp_path, name, changes, message):
    job = write_job(tmp_path, **changes)
    done = judge(name, job, tmp_path / "raw")
    assert done.returncode == 3
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_an_unknown_trainer_is_one_line(tmp_path):
    done = judge("system_judge", write_job(tmp_path, trainer="other"), tmp_path / "raw")
    assert (done.returncode, len(done.stderr.splitlines())) == (3, 1)
    assert "trainer 'other': no entry point of the group pv.trainers; known: " in done.stderr


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"trainer": "fake"}'])
def test_what_is_no_job_is_one_line(tmp_path, text):
    (tmp_path / "job.json").write_text(text)
    done = judge("oracle_judge", tmp_path / "job.json", tmp_path / "raw")
    assert (done.returncode, len(done.stderr.splitlines())) == (3, 1)


@pytest.mark.parametrize(("platform", "tolerance"), [("cpu", 1e-5), ("gpu", 2e-2)])
def test_a_law_about_the_system_has_the_tolerance_of_the_run_s_dtype(tmp_path, platform, tolerance):
    job = write_job(tmp_path, claims={"FALSIFY-GQA-008": "other-attention"}, controls=[])
    config = tmp_path / "run" / "checkpoint" / "config.json"
    config.write_text(json.dumps(json.loads(config.read_text()) | {"platform": platform}))
    assert judge("system_judge", job, tmp_path / "raw").returncode == 0
    [row] = rows(tmp_path / "raw" / "attacks" / "FALSIFY-GQA-008.jsonl")
    assert (row["law"], row["tolerance"]) == ("gqa-live-parity", tolerance)
