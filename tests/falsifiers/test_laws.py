import dataclasses
import math
import os

import numpy as np
import pytest
from fake_trainer import SHAPE, TRAIN, FakeSystem, draw

from falsifiers.attack import attack
from falsifiers.law import PAGE_HEADINGS
from falsifiers.laws import (
    LM_LOSS,
    adamw_unmoved_share,
    compiled_kernels,
    device_record,
    duplicate_step,
    gqa_live_parity,
    held_out_window,
    init_beats_scratch,
    init_flow,
    rate_recomputed,
    recorded_loss,
    rmsnorm_live_parity,
    rope_live_parity,
    schedule,
    softmax_live_parity,
    step_clock,
    step_record,
    swiglu_live_parity,
    weights_on_disk,
    whole_pass,
    windows_once,
)
from falsifiers.subject import KeptSubject, StepZeroSubject, SystemSubject, read_record

SYSTEM_LAWS = {law.name: law for law in (*LM_LOSS, held_out_window.LAW, whole_pass.LAW, windows_once.LAW)}


def system_subject(fault="", tied=True):
    rng = np.random.default_rng(0)
    shape = dataclasses.replace(SHAPE, vocab_size=24)
    weights = draw(shape, 1)
    stream = rng.integers(0, 24, 500).astype(np.uint16)
    documents = tuple(stream[i * 40 : i * 40 + 39].astype(np.int32) for i in range(10))
    system = FakeSystem(weights=weights, shape=shape, fault=fault, stream=stream)
    return SystemSubject(
        system=system,
        documents=documents,
        train=stream,
        apart=stream,
        disk=dict(weights),
        init=draw(shape, 2),
        config=system.config,
        tied=tied,
        steps=7,
    )


@pytest.mark.parametrize("name", sorted(SYSTEM_LAWS))
def test_a_sound_system_is_spared(name):
    row = attack(SYSTEM_LAWS[name], system_subject(), seed=0, cases=60)
    assert (row["outcome"], row["reason"]) == ("survived", "")
    assert row["cases"] >= 50
    assert row["nearest_margin"] <= 0


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("causality", "peeks"),
        ("padding-invariance", "scores-padding"),
        ("batch-order", "mixes-rows"),
        ("masked-positions", "shifts-mask"),
        ("input-sensitivity", "deaf"),
        ("target-alignment", "unshifted"),
        ("target-alignment", "bits"),
        ("evaluator-repeat", "cached"),
        ("evaluator-repeat", "short-answer"),
        ("tied-head", "untied"),
        ("weights-on-disk", "other-weights"),
        ("window-from-corpus", "reverses-rows"),
        ("held-out-window-trained", "reverses-rows"),
        ("windows-once", "stands-still"),
        ("causality", "nan"),
        ("definition", "rounds"),
        ("whole-pass", "leaves-a-window-out"),
        ("whole-pass", "leaves-tokens-out"),
    ],
)
def test_a_planted_fault_is_killed(name, fault):
    row = attack(SYSTEM_LAWS[name], system_subject(fault), seed=0, cases=300)
    assert row["outcome"] == "refuted"
    assert row["counterexample"] is not None
    assert not row["nearest_margin"] <= 0


def test_a_head_tied_against_the_configuration_is_killed():
    assert attack(SYSTEM_LAWS["tied-head"], system_subject(tied=False), seed=0, cases=60)["outcome"] == "refuted"


def test_a_held_out_document_in_the_train_split_is_killed():
    """It stands in the train stream, and in the stream of what is the train split's alone it is cut out."""
    subject = system_subject()
    apart = subject.train.astype(np.int64)
    apart[40:79] = -1
    row = attack(held_out_window.LAW, dataclasses.replace(subject, apart=apart), seed=0, cases=60)
    assert row["outcome"] == "refuted"
    assert attack(SYSTEM_LAWS["window-from-corpus"], subject, seed=0, cases=60)["outcome"] == "survived"


def test_a_tensor_that_disk_lacks_is_killed():
    subject = system_subject()
    subject.disk.pop("layers.0.bq")
    row = attack(weights_on_disk.LAW, subject, seed=0, cases=60)
    assert row["counterexample"]["case"]["tensor"] == "layers.0.bq"
    assert row["counterexample"]["case"]["entries"] == 1


@pytest.mark.parametrize("law", LM_LOSS, ids=lambda law: law.name)
def test_a_crash_of_the_system_is_no_kill(law):
    row = attack(law, system_subject("raises"), seed=0, cases=60)
    if law.name in {"weights-on-disk", "window-from-corpus"}:
        assert row["outcome"] == "survived"
    else:
        assert row["outcome"] == "inconclusive"
        assert row["reason"] == "crashed: RuntimeError: the device is gone"


def test_every_law_has_a_page_with_every_heading():
    laws = [
        *LM_LOSS,
        step_record.LAW,
        step_clock.LAW,
        device_record.LAW,
        init_flow.LAW,
        init_beats_scratch.LAW,
        held_out_window.LAW,
        recorded_loss.LAW,
        schedule.LAW,
        whole_pass.LAW,
        windows_once.LAW,
        rate_recomputed.LAW,
        duplicate_step.LAW,
        *(adamw_unmoved_share.LAW, compiled_kernels.LAW, gqa_live_parity.LAW, rmsnorm_live_parity.LAW),
        *(rope_live_parity.LAW, softmax_live_parity.LAW, swiglu_live_parity.LAW),
    ]
    missing = [(law.name, heading) for law in laws for heading in PAGE_HEADINGS if f"\n{heading}: " not in law.page]
    assert missing == []


RECORD_LAWS = [step_record.LAW, step_clock.LAW, device_record.LAW, schedule.LAW, rate_recomputed.LAW]


@pytest.fixture(scope="module")
def record(tmp_path_factory):
    from fake_trainer import write_run

    folder = tmp_path_factory.mktemp("run")
    weights = draw(SHAPE, 1)
    stream = np.arange(300) % 258
    write_run(folder, weights, weights, stream)
    (folder / "log.txt").write_text("device: cpu\nepoch 0: fine\n")
    return read_record(folder, {"train": TRAIN}, folder / "log.txt")


@pytest.mark.parametrize("law", RECORD_LAWS, ids=lambda law: law.name)
def test_a_sound_record_is_spared(law, record):
    row = attack(law, record, seed=0, cases=60)
    assert (row["outcome"], row["cases"]) == ("survived", 60)


def paced(record, done, factor):
    """A line of the log whose rate is that of the last twenty steps, times a factor."""
    rows = record.rows[max(done - 20, 0) : done]
    rate = len(rows) * record.tokens_per_step / sum(row["wall_ms"] / 1000 for row in rows)
    return f"step {done}/30 loss 3.1582 norm 1.012 lr 6.98e-03 9.0 ms, {factor * rate:,.0f} tokens/s, MFU 40.1%"


def test_a_rate_in_the_log_is_that_of_the_steps_before_it(record):
    lines = tuple(paced(record, done, 1.0) for done in (10, 20, 30))
    row = attack(rate_recomputed.LAW, dataclasses.replace(record, log=lines), seed=0, cases=60)
    assert row["outcome"] == "survived"
    assert row["worst"] < 1e-3


def edited(record, step, **changes):
    rows = list(record.rows)
    rows[step] = rows[step] | changes
    return dataclasses.replace(record, rows=tuple(rows))


def without(record, step):
    return dataclasses.replace(
        record,
        rows=record.rows[:step] + record.rows[step + 1 :],
        lines=record.lines[:step] + record.lines[step + 1 :],
    )


@pytest.mark.parametrize(
    ("law", "damage"),
    [
        (step_record.LAW, lambda r: without(r, 11)),
        (step_record.LAW, lambda r: dataclasses.replace(r, rows=r.rows[:20], lines=r.lines[:20])),
        (step_record.LAW, lambda r: edited(r, 4, loss="NaN")),
        (step_record.LAW, lambda r: edited(r, 4, tokens=1)),
        (step_record.LAW, lambda r: edited(r, 4, prev="0" * 64)),
        (schedule.LAW, lambda r: edited(r, 29, lr=0.01)),
        (schedule.LAW, lambda r: edited(r, 12, lr="NaN")),
        (step_clock.LAW, lambda r: edited(r, 7, wall_ms=0.0)),
        (step_clock.LAW, lambda r: dataclasses.replace(r, loop_seconds=0.1)),
        (step_clock.LAW, lambda r: dataclasses.replace(r, written_seconds=0.9)),
        (rate_recomputed.LAW, lambda r: edited(r, 7, tokens_per_s=2 * r.rows[7]["tokens_per_s"])),
        (rate_recomputed.LAW, lambda r: edited(r, 7, wall_ms=0.0)),
        (rate_recomputed.LAW, lambda r: edited(r, 7, tokens_per_s=None)),
        (rate_recomputed.LAW, lambda r: dataclasses.replace(r, loop_seconds=0.1)),
        (rate_recomputed.LAW, lambda r: dataclasses.replace(r, log=(*r.log, paced(r, 30, 1.02)))),
        (device_record.LAW, lambda r: edited(r, 9, loss="NaN")),
        (device_record.LAW, lambda r: dataclasses.replace(r, log=(*r.log, "E: CUDA_ERROR_ILLEGAL_ADDRESS"))),
    ],
)
def test_a_damaged_record_is_killed(law, damage, record):
    row = attack(law, damage(record), seed=0, cases=60)
    assert row["outcome"] == "refuted"
    assert row["counterexample"] is not None


@pytest.mark.parametrize(("processes", "seconds"), [(1, 7.0), (2, 0.0)])
def test_the_loop_lasted_at_least_from_one_epochs_file_to_another(processes, seconds, tmp_path):
    """A pause between two processes is no time of the loop."""
    from fake_trainer import write_run

    weights = draw(SHAPE, 1)
    write_run(tmp_path, weights, weights, np.arange(300) % 258)
    (tmp_path / "segments.jsonl").write_text("{}\n" * processes)
    for number, time in enumerate((100, 104, 107)):
        path = tmp_path / "epochs" / f"epoch-{number:03d}.json"
        path.write_text("{}")
        os.utime(path, (time, time))
    assert read_record(tmp_path, {"train": TRAIN}, tmp_path / "log.txt").written_seconds == seconds


def test_without_a_log_nothing_is_known_of_the_device(record):
    row = attack(device_record.LAW, dataclasses.replace(record, log=None), seed=0, cases=60)
    assert (row["outcome"], row["reason"]) == ("inconclusive", "crashed: ValueError: no log was kept")


def step_zero(init=3.0, scratch=5.6, recorded=None):
    rng = np.random.default_rng(0)
    losses = init + rng.normal(0, 0.5, (4, 16))
    recorded = float(losses.mean()) if recorded is None else recorded
    fresh = scratch + rng.normal(0, 0.5, (4, 16))
    return StepZeroSubject(init=losses, scratch=fresh, recorded=recorded, uniform=math.log(258))


@pytest.mark.parametrize("law", [init_flow.LAW, init_beats_scratch.LAW], ids=lambda law: law.name)
def test_an_init_at_work_is_spared(law):
    assert attack(law, step_zero(), seed=0, cases=60)["outcome"] == "survived"


@pytest.mark.parametrize(
    ("law", "subject"),
    [
        (init_flow.LAW, step_zero(recorded=3.2)),
        (init_flow.LAW, step_zero(recorded=math.nan)),
        (init_flow.LAW, step_zero(init=5.5)),
        (init_beats_scratch.LAW, step_zero(scratch=3.0)),
    ],
)
def test_an_init_that_does_not_flow_is_killed(law, subject):
    assert attack(law, subject, seed=0, cases=60)["outcome"] == "refuted"


def kept(recomputed=3.0, mean=3.0):
    losses = tuple(3.0 + 0.01 * (step % 2) for step in range(60))
    return KeptSubject(losses=losses, recomputed={0: 3.0, 30: recomputed}, epochs=((range(60), mean),))


def test_a_recorded_loss_that_was_trained_on_is_spared():
    row = attack(recorded_loss.LAW, kept(mean=3.005), seed=0, cases=60)
    assert (row["outcome"], row["cases"]) == ("survived", 60)


@pytest.mark.parametrize("subject", [kept(recomputed=3.1, mean=3.005), kept(mean=2.9), kept(math.nan, 3.005)])
def test_another_number_in_the_record_is_killed(subject):
    assert attack(recorded_loss.LAW, subject, seed=0, cases=60)["outcome"] == "refuted"
