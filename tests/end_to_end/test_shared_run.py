"""Contracts that name one recipe are judged from one run, and each gets a bundle that speaks of its claims alone."""

import json
import shutil
from pathlib import Path

import pytest

from tests.end_to_end.conftest import REPOSITORY, Done, Project

pytestmark = pytest.mark.slow

CLAIMS = ("FALSIFY-DATA-SPLIT-001", "FALSIFY-TRAINING-LOOP-005")
SHARED = ("metrics.jsonl", "evals.jsonl", "tensors.json", "data.json", "log.txt")


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory, project: Project, honest: Done) -> tuple[Project, Done]:
    """One call about two contracts, with the init that another run has made."""
    assert honest.status == 3
    root = tmp_path_factory.mktemp("shared")
    (root / ".pv").mkdir()
    (root / ".pv" / "cache").symlink_to(project.root / ".pv" / "cache")
    (root / "contracts").mkdir()
    for stem in ("data-split-v1", "training-loop-v1"):
        shutil.copy(REPOSITORY / "contracts" / f"{stem}.yaml", root / "contracts")
    shared = Project(root)
    return shared, shared.pv("discharge", *CLAIMS, "--run", "--device", "cpu", "--format", "json")


def bundles(both: tuple[Project, Done]) -> list[Path]:
    project, done = both
    return [project.root / one["bundle"] for one in done.json["results"]]


def test_it_is_trained_and_judged_once(both: tuple[Project, Done]) -> None:
    first, second = bundles(both)
    assert {first.parent.name, second.parent.name} == {"data-split-v1", "training-loop-v1"}
    for name in SHARED:
        assert (first / "raw" / name).read_bytes() == (second / "raw" / name).read_bytes(), name
    assert [
        line.split()[0] for line in both[1].stderr.splitlines() if "judge-oracle  " in line and "left" not in line
    ] == ["7/7"]


def test_each_bundle_holds_the_lock_and_the_laws_of_its_contract(both: tuple[Project, Done]) -> None:
    for claim, bundle in zip(CLAIMS, bundles(both), strict=True):
        family = claim.rpartition("-")[0]
        lock = json.loads((bundle / "raw" / "claim.lock.json").read_text())
        run = json.loads((bundle / "raw" / "run.json").read_text())
        assert lock["claim"] == claim
        assert run["contract"] == lock["contract"]["id"]
        assert {path.stem.rpartition("-")[0] for path in (bundle / "raw" / "attacks").iterdir()} <= {family}
        assert lock["locked_at"] <= run["started_at"]


def test_each_bundle_is_whole_by_itself(both: tuple[Project, Done]) -> None:
    project, done = both
    assert [one["verdict"] for one in done.json["results"]] == ["PARTIAL", "PARTIAL"]
    reasons = {reason["code"] for one in done.json["results"] for reason in one["reasons"]}
    assert reasons == {"level-below-required", "mutant-without-receipt"}
    for bundle in bundles(both):
        assert project.pv("verify", str(bundle)).status == 0
        assert (bundle / "checkpoint" / "config.json").is_file()
