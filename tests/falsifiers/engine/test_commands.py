"""Laws of pv about itself whose cases are processes: a case that the sound pv obeys, and the planted fault breaks."""

import functools
import shutil
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

from falsifiers import mutants, process
from falsifiers.engine import (
    deleted_evidence,
    empty_mutation,
    invented_baseline,
    longest_answer,
    result_missing,
    shared_falsifier,
    traceback,
    validate_over_imports,
)
from falsifiers.mutants.apply import apply, patched, write

ROOT = Path(__file__).parents[3]
GONE = {"refuted": False, "bundles": (), "waiver": "none"}
CASES = [
    (invented_baseline, invented_baseline.Case(base="nowhere", change=""), "baseline-invented"),
    (deleted_evidence, deleted_evidence.Case(gone="claim", **GONE), "baseline-invented"),
    (deleted_evidence, deleted_evidence.Case(gone="contracts", **GONE), "empty-passes"),
    (empty_mutation, empty_mutation.Case(fault="gone"), "unapplied-mutant-killed"),
    (empty_mutation, empty_mutation.Case(fault="raise"), "crash-as-kill"),
    (result_missing, result_missing.Case(end="refuted", at_ms=None), "result-unwritten"),
    (traceback, traceback.Case(command="named", what="file in place"), "bare-traceback"),
    (longest_answer, longest_answer.Case(file="sparse", size=1, evidence=False), "unbounded-parse"),
    (shared_falsifier, shared_falsifier.Case(level=1.5, bounds=(1.0, 2.0)), "one-check-for-all"),
    (shared_falsifier, shared_falsifier.Case(level=1.5, bounds=(1.0, 2.0)), "blind-falsifier"),
]


@pytest.fixture(autouse=True)
def pv_of_this_checkout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.path", [str(ROOT), *sys.path])
    monkeypatch.setenv("PYTHONPATH", str(ROOT))


def reading(module: Any, case: Any, planted: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> float:
    """What a law reads where the fault is planted in the pv that its processes import."""
    shutil.copytree(ROOT / "pv", folder / "pv", ignore=shutil.ignore_patterns("__pycache__"))
    fault = next(one.MUTANT for one in mutants.REGISTRY if planted == one.MUTANT.name)
    write(patched(apply(fault, folder), folder), folder)
    monkeypatch.setattr("sys.path", [str(folder), *sys.path])
    found: float = module.FALSIFIER.laws[0].reading(None, case)
    return found


@functools.cache
def sound(module: Any, case: Any) -> float:
    """What it reads of the sound pv, by processes that ran it."""
    notes: list[process.Note] = []
    with process.noted(notes):
        found: float = module.FALSIFIER.laws[0].reading(None, case)
    assert any(note.module == "pv" and note.began and not note.stopped for note in notes)
    return found


@pytest.mark.parametrize(("module", "case", "mutant"), CASES, ids=[mutant for _, _, mutant in CASES])
def test_a_planted_fault_that_is_not_told_from_a_sound_pv(
    module: Any, case: Any, mutant: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    law = module.FALSIFIER.laws[0]
    assert sound(module, case) <= law.tolerance
    assert reading(module, case, mutant, tmp_path, monkeypatch) > law.tolerance


def test_an_import_that_every_start_pays_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """How long it takes is measured where evidence is made; here, what is loaded."""
    with validate_over_imports.project(
        {"contracts/a.yaml": validate_over_imports.contract("C-A", {"A-1": ""})}
    ) as here:
        assert not validate_over_imports.HEAVY & validate_over_imports._loaded(validate_over_imports._validated(here))
    case = validate_over_imports.Case(claims=1)
    monkeypatch.setattr(validate_over_imports, "ROUNDS", 1)
    assert reading(validate_over_imports, case, "eager-import", tmp_path, monkeypatch) == float("inf")


@pytest.mark.parametrize(
    ("status", "kept", "broken"),
    [
        (1, ["evidence/c/b"], 0),
        (3, ["evidence/c/b"], 1),
        (-signal.SIGKILL, ["evidence/c/b"], 0),
        (-signal.SIGKILL, [], 1),
        (-signal.SIGTERM, ["evidence/c/b"], 1),
    ],
)
def test_a_trial_that_is_killed_after_its_last_word(status: int, kept: list[str], broken: int) -> None:
    """Its status is nobody's; what it said must be so all the same."""
    said = '{"bundle": "evidence/c/b"}'
    ran = process.Ran(status=status, out=said, err="", seconds=1.0, stopped="asked", imported=())
    assert result_missing._false(result_missing.Case(end="refuted", at_ms=500), ran, kept) == broken


def test_a_trial_that_nobody_kills_and_that_ends_by_a_signal() -> None:
    ran = process.Ran(status=-signal.SIGKILL, out='{"bundle": "b"}', err="", seconds=1.0, stopped="", imported=())
    assert result_missing._false(result_missing.Case(end="refuted", at_ms=None), ran, ["b"]) == 1
