"""Laws that train on from a claimed run: its own weights, text and settings, in processes of their own."""

import dataclasses
import shutil
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from falsifiers import devices, mutants
from falsifiers.attack import attack
from falsifiers.kernels.trainer import find
from falsifiers.laws import bisection_false_alarms, device_gradients, replica_digests, same_seed, short_training
from falsifiers.loop.record import finished
from falsifiers.mutants.apply import apply, patched, write
from falsifiers.program import model_of, pretrain, shards, workshop

ROOT = Path(__file__).parents[2]
ROWS = ("--batch-size", "8", "--num-steps", "2", "--learning-rate", "0.01")
LAWS = [bisection_false_alarms.LAW, device_gradients.LAW, replica_digests.LAW, same_seed.LAW]


@pytest.fixture(autouse=True)
def trainer_of_this_checkout(monkeypatch: pytest.MonkeyPatch) -> None:
    """And nothing that an earlier test has read."""
    monkeypatch.setattr(sys, "path", [str(ROOT), *sys.path])
    for kept in (
        same_seed._trainings,
        replica_digests._differs,
        device_gradients._errors,
        bisection_false_alarms._shares,
    ):
        kept.cache_clear()


@pytest.fixture(scope="module")
def subject() -> Any:
    """A run of two steps, opened as a judge opens it."""
    run = workshop() / "claimed"
    finished(pretrain("--init", model_of(272), *ROWS, shards=shards(), run=run))
    return SimpleNamespace(system=find("system.open_system")(run, device="cpu", shards=shards()))


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.name)
def test_a_sound_trainer_is_spared(law: Any, subject: Any) -> None:
    row = attack(law, subject, seed=0, cases=50)
    assert (row["outcome"], row["reason"]) == ("survived", ""), row
    assert row["cases"] == 50
    assert row["worst"] <= law.tolerance


@pytest.mark.parametrize(
    ("law", "mutant"),
    [
        (bisection_false_alarms.LAW, "fallback-kernel"),
        (device_gradients.LAW, "summed-gradients"),
        (replica_digests.LAW, "diverged-replicas"),
        (same_seed.LAW, "lost-rng"),
    ],
    ids=lambda one: getattr(one, "name", one),
)
def test_a_planted_fault_is_killed(
    law: Any, mutant: str, subject: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    planted = next(one.MUTANT for one in mutants.REGISTRY if one.MUTANT.name == mutant)
    shutil.copytree(ROOT / "aprtrain", tmp_path / "aprtrain", ignore=shutil.ignore_patterns("__pycache__"))
    write(patched(apply(planted, tmp_path), tmp_path), tmp_path)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    row = attack(law, subject, seed=0, cases=50)
    assert (row["outcome"], row["reason"]) == ("refuted", "a case breaks the law"), row


def test_a_seed_that_reaches_nothing_is_killed(subject: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(same_seed, "OTHER", same_seed.FIRST)
    row = attack(same_seed.LAW, subject, seed=0, cases=50)
    assert (row["outcome"], row["counterexample"]["case"]) == ("refuted", {"other": True, "step": 0})


def test_a_training_that_breaks_off_is_no_kill(subject: Any) -> None:
    system = dataclasses.replace(subject.system, train=dataclasses.replace(subject.system.train, seq_length=4096))
    row = attack(same_seed.LAW, SimpleNamespace(system=system), seed=0, cases=50)
    assert row["outcome"] == "inconclusive"
    assert "seq_length=4096 is beyond max_positions" in row["reason"]


@pytest.mark.parametrize(
    ("there", "shared"), [(2, [2, 2, 2, 2]), (3, [2, 2, 2, 2]), (4, [2, 2, 4, 4]), (8, [2, 2, 4, 4])]
)
def test_the_ways_to_share_a_step_are_distinct(there: int, shared: list[int]) -> None:
    found = devices.ways(there)
    assert [way.devices for way in found] == shared
    assert len(set(found)) == 4


def test_one_gpu_is_too_few_for_replicas(monkeypatch: pytest.MonkeyPatch) -> None:
    start = short_training.Start(checkpoint=Path(), shards=Path(), device="cuda", settings=())
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "3")
    with pytest.raises(RuntimeError, match="1 GPU is visible; replicas need 2"):
        replica_digests.own_devices(start)
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "3,5,7")
    assert replica_digests.own_devices(start) == [{"CUDA_VISIBLE_DEVICES": "3"}, {"CUDA_VISIBLE_DEVICES": "5"}]
