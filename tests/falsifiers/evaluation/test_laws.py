"""The laws of the evaluation: pages whole, sound judgement and training spared, the source what it says it is."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from falsifiers import mutants
from falsifiers.attack import attack
from falsifiers.evaluation import interval_coverage, known_source, known_source_high, vacuous_bound
from falsifiers.evaluation.registry import EVALUATION
from falsifiers.law import PAGE_HEADINGS
from falsifiers.mutants.apply import apply
from falsifiers.readings import source

ROOT = Path(__file__).parents[3]
PATH = "contracts/eval-methodology-v1.yaml"
CLAIMS = {claim["id"]: claim for claim in yaml.safe_load((ROOT / PATH).read_text())["falsification_tests"]}


def name_of(module: Any) -> str:
    return str(module.FALSIFIER.name)


@pytest.mark.parametrize("module", EVALUATION.values(), ids=name_of)
def test_a_page_that_lacks_a_heading(module: Any) -> None:
    assert [heading for heading in PAGE_HEADINGS if f"\n{heading}: " not in module.FALSIFIER.laws[0].page] == []


@pytest.mark.parametrize("claim", sorted(EVALUATION))
def test_a_claim_that_measures_another_law_than_it_is_bound_to(claim: str) -> None:
    (law,) = EVALUATION[claim].FALSIFIER.laws
    measured = CLAIMS[claim]["measure"]
    assert (measured["series"], measured["unit"]) == (f"attack/{law.name}", law.unit)
    assert CLAIMS[claim]["bound"] == law.tolerance


@pytest.mark.parametrize("claim", sorted(EVALUATION))
def test_a_declared_fault_that_cannot_be_planted(claim: str) -> None:
    known = {module.MUTANT.name: module.MUTANT for module in mutants.REGISTRY}
    declared = CLAIMS[claim]["counter_example_classes"]
    assert declared
    assert [name for name in declared if not apply(known[name], ROOT)] == []


@pytest.mark.parametrize("module", [vacuous_bound, interval_coverage], ids=name_of)
def test_a_law_that_strikes_the_innocent(module: Any) -> None:
    row = attack(module.FALSIFIER.laws[0], None, seed=1, cases=50)
    assert row["outcome"] == "survived", row


@pytest.mark.parametrize("lag", known_source.LAGS)
def test_a_source_whose_entropy_is_another(lag: int) -> None:
    """What the drawn text costs the ideal predictor is the entropy rate, sum_i p_i H(P_i), within 4 standard errors."""
    rng = np.random.default_rng(lag)
    chain = rng.dirichlet(np.full(known_source.STATES, 0.3), size=known_source.STATES)
    stationary = np.linalg.matrix_power(chain, 1000)[0]
    rate = float(stationary @ -(chain * np.log(np.maximum(chain, 1e-300))).sum(axis=1))
    drawn = [known_source.draw(dict.fromkeys(known_source.LAGS, chain), lag - 1, rng) for _ in range(200)]
    costs = np.array([nats for _, nats in drawn]) / known_source.LENGTH
    assert abs(costs.mean() - rate) <= 4 * costs.std(ddof=1) / np.sqrt(len(costs))
    tokens = {token for ids, _ in drawn for token in ids}
    assert min(tokens) >= known_source.FIRST + known_source.STATES * (lag - 1)
    assert max(tokens) < known_source.FIRST + known_source.STATES * lag


def test_a_sound_training_on_a_known_source(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both chains are learned, and no better than they can be, by the rows that a run keeps of it."""
    monkeypatch.setattr("sys.path", [str(ROOT), *__import__("sys").path])
    rows = source.known_source(3)
    assert {(row["split"], row["tokens"]) for row in rows} == {("known-source", known_source.LENGTH)}
    for lag in known_source.LAGS:
        model, ideal = (
            {
                row["document"]: row["sum_nats"]
                for row in rows
                if (row["reading"], row["evaluator"]) == (f"lag-{lag}", by)
            }
            for by in ("system", "table")
        )
        apart = np.array([(model[name] - ideal[name]) / known_source.LENGTH for name in ideal])
        assert (len(apart), model.keys()) == (32, ideal.keys())
        assert -4 * apart.std(ddof=1) / np.sqrt(32) <= apart.mean() <= known_source_high.ALLOWANCE


@pytest.mark.parametrize(("number", "fault"), [("011", "vacuity-unseen"), ("012", "tokens-as-clusters")])
def test_a_planted_fault_that_survives(
    number: str, fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH")))))
    (tmp_path / "contracts").mkdir()
    (tmp_path / PATH).write_bytes((ROOT / PATH).read_bytes())
    what = (f"FALSIFY-EVAL-METHODOLOGY-{number}", "--run", "--mutant", fault, "--format", "json")
    command = [sys.executable, "-m", "pv", "discharge", *what]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path, timeout=300)
    assert (done.returncode, json.loads(done.stdout)["verdict"]) == (1, "FALSIFIED")
