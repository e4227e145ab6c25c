from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pv.evidence import derive_level, open_bundle, resident_on_gpu, write_jsonl

SYSTEM = {"full": {"profile": "h200", "steps": 60}}
HEADER = "time,pid,device,memory_mib,utilisation_pct\n"
RESIDENT = HEADER + "2026-05-20T10:00:01Z,4242,gpu:18a3,40960,97\n"
GPU = {"device": {"platform": "gpu", "kind": "H200", "pid": 4242}}
LIVE: dict[str, Any] = {"profile": "h200", "run": GPU, "device": RESIDENT}
Level = Callable[..., str]


@pytest.fixture(scope="module")
def level(make_bundle: Callable[..., Path]) -> Level:
    def derive(system: dict[str, Any] = SYSTEM, **spoilt: Any) -> str:
        bundle = open_bundle(make_bundle(**spoilt)).bundle
        assert bundle is not None
        return derive_level(bundle, system)

    return derive


def test_this_process_on_the_gpu_at_full_shape_and_steps_is_live(level: Level) -> None:
    assert level(**LIVE) == "live"


@pytest.mark.parametrize(
    "changed",
    [
        {"profile": "cpu"},
        {"run": {"device": {"platform": "cpu", "pid": 4242}}},
        {"run": {"device": {"platform": "gpu", "pid": 4243}}},
        {"run": {"device": {"platform": "gpu"}}},
        {"device": HEADER},
        {"device": RESIDENT.replace("40960", "0")},
        {"device": RESIDENT.replace("40960", "[N/A]")},
        {"device": RESIDENT.replace("40960", "nan")},
        {"device": RESIDENT.replace("gpu:18a3", "host")},
        {"metrics": lambda rows: rows[:59]},
        {"system": {}},
        {"system": {"full": {"profile": "h200"}}},
        {"system": {"full": {"profile": "h200", "steps": 61}}},
    ],
)
def test_anything_less_is_integration(level: Level, changed: dict[str, Any]) -> None:
    assert level(**(LIVE | changed)) == "integration"


@pytest.mark.parametrize(
    "changed",
    [{"metrics": lambda rows: []}, {"data": lambda _: {}}, {"data": {"splits": {"train": {"tokens": 0}}}}],
)
def test_no_step_or_no_data_is_algorithm(level: Level, changed: dict[str, Any]) -> None:
    assert level(**(LIVE | changed)) == "algorithm"


def test_what_a_run_says_of_its_steps_does_not_count(level: Level) -> None:
    assert level(**(LIVE | {"metrics": lambda rows: rows[:3], "run": GPU | {"executed_steps": 500}})) == "integration"


def test_residency_can_be_asked_for_alone(make_bundle: Callable[..., Path]) -> None:
    bundle = open_bundle(make_bundle(**LIVE)).bundle
    assert bundle is not None
    assert resident_on_gpu(bundle)


PROGRAM = {"program": "prog"}
CLAIM = "FALSIFY-APR-PRETRAIN-INIT-FINETUNE-001"
SURVIVED = {"law": "refuses", "role": "claim", "cases": 3, "outcome": "survived"}
RAN = {"claim": CLAIM, "law": "refuses", "module": "prog.cli", "began": True, "status": 2, "stopped": ""}
WHOLE = [RAN | {"case": case} for case in (1, 2, 3)]


@pytest.fixture(scope="module")
def attack_level(level: Level) -> Level:
    """The level of an attack, of which one part is spoilt."""

    def derive(
        system: dict[str, Any] = PROGRAM,
        rows: list[Any] = WHOLE,
        attacks: Any = None,
        modules: tuple[str, ...] = ("prog", "prog.cli"),
    ) -> str:
        return level(
            system,
            metrics=lambda _: [],
            attacks=lambda _: attacks or {CLAIM: [SURVIVED, SURVIVED | {"law": "guard", "role": "control"}]},
            modules=dict.fromkeys(modules, "d" * 64),
            edit=lambda raw: write_jsonl(raw / "processes.jsonl", rows),
        )

    return derive


def test_a_process_in_every_case_is_integration(attack_level: Level) -> None:
    assert attack_level() == "integration"
    assert attack_level(rows=[row | {"status": -9, "stopped": "asked"} for row in WHOLE]) == "integration"
    assert attack_level(rows=[*WHOLE, RAN | {"case": None, "module": "other"}]) == "integration"
    assert attack_level(system={"program": ["other", "prog"]}) == "integration"


@pytest.mark.parametrize(
    "changed",
    [
        {"system": {}},
        {"system": {"program": None}},
        {"system": {"program": "pro"}},
        {"system": {"program": []}},
        {"system": {"program": ["pro", "json"]}, "modules": ("pro", "json")},
        {"system": {"program": ["other", "prog"]}, "modules": ("other",)},
        {"system": {"program": "prog.cli.sub"}},
        {"modules": ("program",)},
        {"rows": []},
        {"rows": WHOLE[:2]},
        {"rows": [WHOLE[0]] * 3},
        {"rows": [*WHOLE[:2], WHOLE[2] | {"began": False}]},
        {"rows": [*WHOLE[:2], WHOLE[2] | {"began": "true"}]},
        {"rows": [*WHOLE[:2], WHOLE[2] | {"stopped": "time"}]},
        {"rows": [*WHOLE[:2], WHOLE[2] | {"stopped": ["asked"]}]},
        {"rows": [*WHOLE[:2], WHOLE[2] | {"case": None}]},
        {"rows": [*WHOLE[:2], WHOLE[2] | {"case": [3]}]},
        {"rows": [*WHOLE[:2], WHOLE[2] | {"law": "guard"}]},
        {"rows": [*WHOLE[:2], WHOLE[2] | {"claim": "another"}]},
        {"rows": [*WHOLE[:2], WHOLE[2] | {"module": "json.tool"}]},
        {"attacks": {CLAIM: [SURVIVED | {"cases": 4}]}},
        {"attacks": {CLAIM: [SURVIVED | {"cases": "9" * 29}]}},
        {"attacks": {CLAIM: [SURVIVED | {"cases": 0}]}},
        {"attacks": {CLAIM: [SURVIVED, SURVIVED | {"law": "second"}]}},
        {"attacks": {CLAIM: [SURVIVED | {"role": "control"}]}},
    ],
)
def test_any_case_without_a_process_of_the_program_is_algorithm(attack_level: Level, changed: dict[str, Any]) -> None:
    assert attack_level(**changed) == "algorithm"
