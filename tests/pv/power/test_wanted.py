"""The trials that a full matrix takes."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from pv.binding import SHIPPED
from pv.contract import load
from pv.power import Judged, fresh_trials, wanted_trials
from pv.verdict import Sources, judge_contract

Judge = Callable[..., Judged]
KERNEL = Path(__file__).parents[3] / "contracts" / "kernels" / "rope-v1.yaml"


def test_a_run_is_shared_by_its_claims(judged: Judge) -> None:
    """Claims of a run share a trial under each mutant that any declares, and the honest one comes last."""
    trials = list(wanted_trials([judged()], SHIPPED))
    faults = ["dropped-bias", "eval-cached", "unk-corpus", "untied-head", "val-is-train", ""]
    assert [trial.mutant for trial in trials] == faults
    assert {(trial.profile, len(trial.claims)) for trial in trials} == {("cpu", 7)}


def test_functions_are_attacked_claim_by_claim(fresh: Sources) -> None:
    judged = Judged(verdict=judge_contract(load(KERNEL), [], fresh), opened=())
    trials = list(wanted_trials([judged], SHIPPED))
    assert {(trial.profile, len(trial.claims)) for trial in trials} == {("functions", 1)}
    assert [trial.mutant for trial in trials if trial.claims == ("FALSIFY-ROPE-005",)] == ["rope-interleaved", ""]


def test_what_is_kept_is_not_run_again(sealed: Callable[..., Path], judged: Judge, fresh: Sources) -> None:
    bundles = (sealed(), sealed(mutant="unk-corpus"))
    kept = judged(*bundles)
    found = fresh_trials([kept], wanted_trials([kept], SHIPPED))
    assert {trial.mutant for trial in found} == {"", "unk-corpus"}
    stale = judged(*bundles, sources=replace(fresh, stale=lambda *_: ("the falsifier has changed",)))
    assert fresh_trials([stale], wanted_trials([stale], SHIPPED)) == set()


def test_honest_runs_under_further_seeds(sealed: Callable[..., Path], judged: Judge) -> None:
    """False alarms are looked for under each seed; a kept run counts for its own seed only."""
    kept = judged(sealed(run={"seed": 2}))
    trials = list(wanted_trials([kept], SHIPPED, seeds=3))
    honest = [trial for trial in trials if not trial.mutant]
    assert [trial.seed for trial in honest] == [0, 1, 2]
    assert {trial.seed for trial in trials if trial.mutant} == {0}
    assert [trial.seed for trial in fresh_trials([kept], trials)] == [2]
