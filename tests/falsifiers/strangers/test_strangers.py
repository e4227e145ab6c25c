import runpy
from pathlib import Path

import pytest

from falsifiers import mutants
from falsifiers.mutants.apply import apply, patched

FOLDER, ROOT = Path(__file__).parent, Path(__file__).parents[3]
TOOL = runpy.run_path(str(ROOT / "tools" / "strangers.py"))
FAULTS, BLIND, REWRITES = (
    runpy.run_path(str(FOLDER / name))["STRANGERS"] for name in ("faults.py", "blind.py", "rewrites.py")
)


@pytest.mark.parametrize("stranger", [*FAULTS, *BLIND, *REWRITES], ids=lambda one: one.name)
def test_it_applies_to_the_trainer_of_today(stranger):
    assert patched(apply(stranger, ROOT), ROOT)


def test_none_is_in_the_catalogue():
    """Neither by name nor by what it puts in the place of what."""
    known = [module.MUTANT for module in mutants.REGISTRY]
    names = [one.name for one in (*FAULTS, *BLIND, *REWRITES)]
    assert len({*names, *(one.name for one in known)}) == len(names) + len(known)
    assert not {one.edits for one in (*FAULTS, *BLIND)} & {one.edits for one in known}


def test_every_kind_of_fault_but_those_of_other_claims_is_among_them():
    kinds = {one.group for one in FAULTS}
    assert kinds == {
        "data",
        "loading",
        "architecture",
        "loss",
        "optimizer",
        "evaluation",
        "checkpoint",
        "reporting",
        "precision",
    }


def test_claims_about_one_run_are_tried_together():
    run, other = "FALSIFY-TRAINING-LOOP-005", "FALSIFY-TRAINING-LOOP-011"
    assert TOOL["units"]((run, "FALSIFY-ADAMW-002", other)) == [(run, other), ("FALSIFY-ADAMW-002",)]


@pytest.mark.slow
def test_the_tool_says_what_caught_a_fault(tmp_path):
    stranger = next(one for one in FAULTS if one.name == "hidden-z-loss")
    seen = TOOL["tried"](stranger, TOOL["prepared"](FOLDER / "faults.py", FAULTS, tmp_path))
    assert (seen.caught, seen.verdict, seen.claim) == (True, "FALSIFIED", "FALSIFY-CROSS-ENTROPY-005")


@pytest.mark.slow
def test_a_rewrite_raises_no_alarm(tmp_path):
    stranger = next(one for one in REWRITES if one.name == "arithmetic-in-other-words")
    root = TOOL["prepared"](FOLDER / "rewrites.py", REWRITES, tmp_path)
    (seen,) = TOOL["judged"](stranger, root, ("FALSIFY-RMSNORM-001",))
    assert (seen.caught, seen.verdict) == (False, "PARTIAL")
