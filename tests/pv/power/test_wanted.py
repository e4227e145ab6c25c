"""The trials that a full matrix takes."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from pv.binding import SHIPPED
from pv.contract import Contract, Loaded, load
from pv.power import FUNCTIONS, Judged, Trial, fresh_trials, sharing, wanted_trials
from pv.verdict import Sources

Judge = Callable[..., Judged]
Contracts = list[tuple[str, Contract]]
NAME = "apr-pretrain-init-finetune-v1"
CONTRACTS = Path(__file__).parents[3] / "contracts"
KERNEL = CONTRACTS / "kernels" / "rope-v1.yaml"


@pytest.fixture
def contracts(declaring: Loaded) -> Contracts:
    assert declaring.contract is not None
    return [(NAME, declaring.contract)]


def test_a_run_is_shared_by_its_claims(contracts: Contracts) -> None:
    """Claims of a run share a trial under each mutant that they declare, and the honest one of all comes last."""
    trials = list(wanted_trials(contracts, SHIPPED))
    faults = ["dropped-bias", "eval-cached", "unk-corpus", "untied-head", "val-is-train", ""]
    assert [trial.mutant for trial in trials] == faults
    assert {trial.profile for trial in trials} == {"cpu"}
    assert [[name[-3:] for name in trial.claims] for trial in trials[:-1]] == [["001"], *[["005"]] * 4]
    assert len(trials[-1].claims) == 7


def test_functions_are_attacked_claim_by_claim() -> None:
    contract = load(KERNEL).contract
    assert contract is not None
    trials = list(wanted_trials([("rope-v1", contract)], SHIPPED))
    assert {(trial.profile, len(trial.claims)) for trial in trials} == {("functions", 1), ("cpu", 1)}
    assert [trial.mutant for trial in trials if trial.claims == ("FALSIFY-ROPE-005",)] == ["rope-interleaved", ""]


def test_what_is_kept_is_not_run_again(
    contracts: Contracts, sealed: Callable[..., Path], judged: Judge, fresh: Sources
) -> None:
    bundles = (sealed(), sealed(mutant="unk-corpus"))
    kept = judged(*bundles)
    found = fresh_trials([kept], wanted_trials(contracts, SHIPPED))
    assert {trial.mutant for trial in found} == {"", "unk-corpus"}
    stale = judged(*bundles, sources=replace(fresh, stale=lambda *_: ("the falsifier has changed",)))
    assert fresh_trials([stale], wanted_trials(contracts, SHIPPED)) == set()


def test_a_fault_that_is_kept_under_another_profile(
    contracts: Contracts, sealed: Callable[..., Path], judged: Judge
) -> None:
    """What the falsifiers do to it is known, in whatever recipe; an honest run speaks for its own alone."""
    kept = judged(sealed(run={"profile": "micro"}), sealed(mutant="unk-corpus", run={"profile": "micro"}))
    found = fresh_trials([kept], wanted_trials(contracts, SHIPPED))
    assert {(trial.profile, trial.mutant) for trial in found} == {("cpu", "unk-corpus")}


def test_honest_runs_under_further_seeds(contracts: Contracts, sealed: Callable[..., Path], judged: Judge) -> None:
    """False alarms are looked for under each seed; a kept run counts for its own seed only."""
    kept = judged(sealed(run={"seed": 2}))
    trials = list(wanted_trials(contracts, SHIPPED, profile="cpu", seeds=3))
    honest = [trial for trial in trials if not trial.mutant]
    assert [trial.seed for trial in honest] == [0, 1, 2]
    assert {trial.seed for trial in trials if trial.mutant} == {0}
    assert [trial.seed for trial in fresh_trials([kept], trials)] == [2]


def test_honest_runs_of_other_shapes_and_corpora(contracts: Contracts) -> None:
    """With further seeds every profile but the full one is run without a fault; faults are tried on the first."""
    trials = list(wanted_trials(contracts, SHIPPED, seeds=2))
    runs = [(trial.profile, trial.seed) for trial in trials if not trial.mutant]
    small = ("cpu", "micro", "micro-llama", "micro-mistral", "micro-qwen3")
    assert runs == [(profile, seed) for profile in small for seed in (0, 1)]
    assert {trial.profile for trial in trials if trial.mutant} == {"cpu"}
    assert [trial.profile for trial in wanted_trials(contracts, SHIPPED) if not trial.mutant] == ["cpu"]


def test_a_profile_that_a_contract_lacks(contracts: Contracts) -> None:
    """Asked for by name, it is that one or no run; the full one is never chosen by itself."""
    assert {trial.profile for trial in wanted_trials(contracts, SHIPPED, profile="h200")} == {"h200"}
    assert list(wanted_trials(contracts, SHIPPED, profile="another")) == []


def test_contracts_that_name_one_recipe_share_its_runs() -> None:
    """Under the same fault; one that trains another model, and attacks on functions, are trials of their own."""
    stems = ("data-split-v1", "tensor-layout-v1", NAME)
    contracts = {stem: contract for stem in stems if (contract := load(CONTRACTS / f"{stem}.yaml").contract)}
    trials = list(wanted_trials(contracts.items(), SHIPPED, profile="cpu"))
    runs = sharing(trials, contracts)
    assert sorted(trial.title for run in runs for trial in run) == sorted(trial.title for trial in trials)
    honest = [{trial.stem for trial in run} for run in runs if run[0].profile == "cpu" and not run[0].mutant]
    assert sorted(honest, key=len) == [{NAME}, {"data-split-v1", "tensor-layout-v1"}]
    for run in runs:
        assert len({(trial.mutant, trial.seed, trial.profile) for trial in run}) == 1
        assert len(run) == 1 or run[0].profile != FUNCTIONS


def test_a_recipe_is_one_run_whatever_a_contract_calls_its_profile() -> None:
    contracts = {
        stem: contract for stem in ("data-split-v1", NAME) if (contract := load(CONTRACTS / f"{stem}.yaml").contract)
    }
    micro = Trial(stem=NAME, profile="micro", mutant="val-is-train", claims=("a",))
    tiny = replace(micro, profile="cpu")
    split = Trial(stem="data-split-v1", profile="cpu", mutant="val-is-train", claims=("b",))
    assert sharing([micro, tiny, split], contracts) == [(micro, split), (tiny,)]
