"""The laws of pv about itself: pages whole, pv spared, the planted faults refuted (by real processes)."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from falsifiers import index
from falsifiers.attack import attack
from falsifiers.law import FEWEST_CASES, PAGE_HEADINGS

ROOT = Path(__file__).parents[3]
SLOW = {law.name for module in index.ENGINE.values() for law in module.FALSIFIER.laws if law.fewest < FEWEST_CASES}
"""Laws whose cases are whole processes."""
FEW = 10
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


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.FALSIFIER.name)
def test_a_page_that_lacks_a_heading(module: Any) -> None:
    assert [heading for heading in PAGE_HEADINGS if f"\n{heading}: " not in module.FALSIFIER.laws[0].page] == []


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.FALSIFIER.name)
def test_a_page_that_is_anothers(module: Any) -> None:
    """What a page says of how the fault looks, and of what to suspect, is said by no other."""
    others = [other.FALSIFIER.laws[0].page for other in MODULES if other is not module]
    said = [line for line in module.FALSIFIER.laws[0].page.splitlines() if line.startswith(("How", "If", "Blind"))]
    assert len(said) == 3
    assert [line for line in said for other in others if line in other] == []


@pytest.mark.parametrize(
    "module", [one for one in MODULES if one.FALSIFIER.name not in SLOW], ids=lambda module: module.FALSIFIER.name
)
def test_a_law_that_strikes_the_innocent(module: Any) -> None:
    """A few cases each; all of them, and those of whole processes, are tried where evidence is made."""
    row = attack(replace(module.FALSIFIER.laws[0], fewest=FEW), None, seed=1, cases=50)
    assert (row["outcome"], row["worst"]) == ("survived", 0.0), row


@pytest.mark.parametrize("claim", sorted(index.ENGINE))
def test_a_claim_whose_faults_cannot_be_planted(claim: str) -> None:
    """Each bound claim declares faults that exist, and measures the law that is bound to it, at its level."""
    contract = yaml.safe_load((ROOT / "contracts" / "pv-self-v1.yaml").read_text())
    (found,) = [one for one in contract["falsification_tests"] if one["id"] == claim]
    assert found["counter_example_classes"]
    assert set(found["counter_example_classes"]) <= set(index.build()["mutants"])
    assert found["measure"]["series"] == f"attack/{index.ENGINE[claim].FALSIFIER.name}"
    assert "planned" not in found
    assert (found["requires"] == "integration") == (index.ENGINE[claim].FALSIFIER.name in SLOW)


@pytest.mark.parametrize(
    ("number", "mutant"),
    [
        ("024", "worker-status-lost"),
        ("021", "averaged-verdicts"),
        ("001", "empty-passes"),
        ("006", "expectation-unread"),
        ("007", "text-skips-range"),
    ],
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
