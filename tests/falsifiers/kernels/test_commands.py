"""The laws of kernels that start the trainer: a sound one is spared, a planted fault is found, both by processes."""

import shutil
import sys
from pathlib import Path

import pytest
import yaml

from falsifiers import mutants, process, program
from falsifiers.kernels import (
    adamw_clip,
    adamw_decayed_set,
    adamw_descent,
    adamw_fresh_moments,
    ce_target_range,
    ce_units,
    command,
    gqa_causality,
    gqa_packed_leak,
    gqa_padding,
    rope_range,
    swiglu_layer_parity,
    tie_by_config,
    tied_tensors,
)
from falsifiers.kernels.registry import KERNELS
from falsifiers.mutants.apply import apply, patched, write
from falsifiers.oracles.shards import read_shards

ROOT = Path(__file__).parents[3]
PLANTED = {module.MUTANT.name: module.MUTANT for module in mutants.REGISTRY}
CLAIMS = {
    claim["id"]: claim
    for path in (ROOT / "contracts" / "kernels").glob("*-v1.yaml")
    for claim in yaml.safe_load(path.read_text(encoding="utf-8"))["falsification_tests"]
}
CASES = {
    adamw_clip: adamw_clip.Case(limit=0.3),
    adamw_decayed_set: adamw_decayed_set.Case(seed=1, share=0.25),
    adamw_descent: adamw_descent.Case(seed=1),
    adamw_fresh_moments: adamw_fresh_moments.Case(seed=1, rate=1e-3),
    ce_target_range: ce_target_range.Case(command="eval", token=program.VOCABULARY - 1),
    ce_units: ce_units.Case(seed=1, length=33, whole=0.5),
    gqa_causality: gqa_causality.Case(seed=1, before=9),
    gqa_packed_leak: gqa_packed_leak.Case(seed=1, borders=(5, 9)),
    gqa_padding: gqa_padding.Case(seed=1, targets=5, padding=7),
    rope_range: rope_range.Case(command="trace", positions=24, more=1),
    swiglu_layer_parity: swiglu_layer_parity.Case(seed=1, first=20),
    tie_by_config: tie_by_config.Case(seed=1, tied=False, said=True),
    tied_tensors: tied_tensors.Case(tied=True, layers=2, kv_heads=1),
}


def short(one: object) -> str:
    return str(getattr(one, "__name__", one)).rpartition(".")[2]


@pytest.fixture(autouse=True)
def trainer_of_this_checkout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [str(ROOT), *sys.path])


@pytest.mark.parametrize("claim", KERNELS)
def test_a_declared_fault_that_cannot_be_planted(claim: str) -> None:
    declared = CLAIMS[claim]["counter_example_classes"]
    assert declared
    assert [name for name in declared if not apply(PLANTED[name], ROOT)] == []


@pytest.mark.parametrize("claim", KERNELS)
def test_a_claim_about_a_command_whose_law_starts_none(claim: str) -> None:
    assert (CLAIMS[claim]["requires"] == "integration") == (KERNELS[claim] in CASES)


@pytest.mark.parametrize("module", CASES, ids=short)
def test_a_law_that_strikes_the_innocent_or_starts_nothing(module) -> None:
    [law] = module.FALSIFIER.laws
    notes: list[process.Note] = []
    with process.noted(notes):
        found = law.reading(None, CASES[module])
    assert found <= law.tolerance
    assert any(note.module == program.PROGRAM and note.began and not note.stopped for note in notes)


@pytest.mark.parametrize(
    ("module", "mutant"),
    [(ce_units, "unscored-bytes"), (gqa_packed_leak, "packed-leak"), (swiglu_layer_parity, "miswired-init")],
    ids=short,
)
def test_a_planted_fault_that_survives(module, mutant: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program.shards()  # made by the sound trainer
    shutil.copytree(ROOT / "aprtrain", tmp_path / "aprtrain", ignore=shutil.ignore_patterns("__pycache__"))
    write(patched(apply(PLANTED[mutant], tmp_path), tmp_path), tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    [law] = module.FALSIFIER.laws
    assert law.reading(None, CASES[module]) > law.tolerance


def test_a_corpus_holds_the_documents_that_it_was_given() -> None:
    documents = [[1, 5, 6], [6, 7, 8, 9], [2, 3]]
    split = read_shards(command.corpus("given", val_a=documents)).splits["val-a"]
    found = [split.sequence(one).tolist() for one in split.documents if one.name != command.FILLER]
    assert found == documents
    assert [split.sequence(one).tolist() for one in split.documents if one.name == command.FILLER] == [[9, 2]]
