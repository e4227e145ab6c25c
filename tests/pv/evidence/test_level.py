from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pv.evidence import derive_level, open_bundle, resident_on_gpu

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
