"""The laws of pv about itself: pages whole, pv spared, the planted faults refuted (by real processes)."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from falsifiers import index
from falsifiers.attack import attack
from falsifiers.law import PAGE_HEADINGS

ROOT = Path(__file__).parents[3]
SLOW = "worker-count"
MODULES = list(index.ENGINE.values())


def discharge(folder: Path, *arguments: str) -> tuple[int, Any]:
    command = [sys.executable, "-m", "pv", "discharge", *arguments, "--run", "--format", "json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder, timeout=300)
    return done.returncode, json.loads(done.stdout)


@pytest.fixture
def self_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The contract in a project of its own, so that nothing is left in this one."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH")))))
    (tmp_path / "contracts").mkdir()
    (tmp_path / "contracts" / "pv-self-v1.yaml").write_bytes((ROOT / "contracts" / "pv-self-v1.yaml").read_bytes())
    return tmp_path


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.FALSIFIER.laws[0].name)
def test_a_page_that_lacks_a_heading(module: Any) -> None:
    assert [heading for heading in PAGE_HEADINGS if f"\n{heading}: " not in module.FALSIFIER.laws[0].page] == []


@pytest.mark.parametrize(
    "module",
    [module for module in MODULES if module.FALSIFIER.laws[0].name != SLOW],
    ids=lambda module: module.FALSIFIER.laws[0].name,
)
def test_a_law_that_strikes_the_innocent(module: Any) -> None:
    row = attack(module.FALSIFIER.laws[0], None, seed=1, cases=50)
    assert (row["outcome"], row["worst"]) == ("survived", 0.0), row


@pytest.mark.parametrize(
    ("number", "mutant"),
    [("024", "worker-status-lost"), ("021", "averaged-verdicts"), ("001", "empty-passes")],
)
def test_a_planted_fault_that_survives(self_project: Path, number: str, mutant: str) -> None:
    status, found = discharge(self_project, f"FALSIFY-PV-SELF-{number}", "--mutant", mutant)
    assert (status, found["verdict"], found["mutant"]) == (1, "FALSIFIED", mutant)


def test_a_result_that_depends_on_the_workers(self_project: Path) -> None:
    """Verdicts, their order and the status are the same; one trial that cannot be made takes no other away."""
    ids = ("FALSIFY-PV-SELF-024", "FALSIFY-PV-SELF-021", "FALSIFY-PV-SELF-003")
    one, two = (discharge(self_project, *ids, "-j", jobs) for jobs in ("1", "2"))
    said = [[(row["claim"], row["verdict"], row["reasons"]) for row in ran[1]["results"]] for ran in (one, two)]
    assert (one[0], said[0]) == (two[0], said[1])
    assert [row[0] for row in said[0]] == list(ids)
