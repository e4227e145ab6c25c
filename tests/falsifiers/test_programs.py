"""Laws that start the trainer: pages whole, a few cases each; `make evidence` tries all of them, and every mutant."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from falsifiers import mutants, process, program
from falsifiers.attack import attack
from falsifiers.data import (
    document_borders,
    encoder_format,
    file_text,
    ids_in_range,
    round_trip,
    split_stability,
)
from falsifiers.data.registry import DATA
from falsifiers.index import RUNS
from falsifiers.law import PAGE_HEADINGS
from falsifiers.loading import contract_is_bound, missing_init, poisoned_load, published_shape
from falsifiers.loading.registry import LOADING
from falsifiers.loop import best_kept, declared_update
from falsifiers.loop.registry import LOOP
from falsifiers.mutants.apply import apply, patched, write
from falsifiers.oracles.safetensors import read_safetensors
from falsifiers.tracing import bisection_misses, trace_selection
from falsifiers.tracing.registry import TRACING

ROOT = Path(__file__).parents[2]
MODULES = [*DATA.values(), *LOOP.values(), *LOADING.values(), *TRACING.values()]
CLAIMS = {
    claim["id"]: claim
    for path in (ROOT / "contracts").rglob("*-v1.yaml")
    for claim in yaml.safe_load(path.read_text(encoding="utf-8"))["falsification_tests"]
}


def by_name(module: Any) -> str:
    return module.FALSIFIER.name


@pytest.fixture(autouse=True)
def trainer_of_this_checkout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.path", [str(ROOT), *__import__("sys").path])


@pytest.mark.parametrize("module", MODULES, ids=by_name)
def test_a_page_that_lacks_a_heading(module: Any) -> None:
    (law,) = module.FALSIFIER.laws
    assert [heading for heading in PAGE_HEADINGS if f"\n{heading}: " not in law.page] == []


@pytest.mark.parametrize("claim", sorted({**DATA, **LOOP, **LOADING, **TRACING}))
def test_a_claim_that_measures_another_law_than_it_is_bound_to(claim: str) -> None:
    (law,) = {**DATA, **LOOP, **LOADING, **TRACING}[claim].FALSIFIER.laws
    measured = CLAIMS[claim]["measure"]
    assert (measured["series"], measured["unit"]) == (f"attack/{law.name}", law.unit)
    allowed = ("algorithm",) if law.name == "round-trip" else ("integration", "live")
    assert CLAIMS[claim]["requires"] in allowed


@pytest.mark.parametrize("claim", sorted({**DATA, **LOOP, **LOADING, **TRACING, **RUNS}))
def test_a_declared_fault_that_cannot_be_planted(claim: str) -> None:
    known = {module.MUTANT.name: module.MUTANT for module in mutants.REGISTRY}
    declared = CLAIMS[claim]["counter_example_classes"]
    assert declared
    assert [name for name in declared if not apply(known[name], ROOT)] == []


def test_every_text_comes_back() -> None:
    row = attack(round_trip.FALSIFIER.laws[0], None, seed=1, cases=60)
    assert (row["outcome"], row["worst"]) == ("survived", 0.0), row


@pytest.mark.parametrize(
    ("module", "case"),
    [
        (split_stability, split_stability.Case(seed=0, documents=90, renamed=True, processes=1)),
        (ids_in_range, ids_in_range.Case(split="val-b", place=0.5, token=program.VOCABULARY - 1)),
        (ids_in_range, ids_in_range.Case(split="val-b", place=0.5, token=program.VOCABULARY)),
        (document_borders, document_borders.Case(seed=0, name="<|endoftext|>", every=2, blank="\t", words=60)),
        (encoder_format, encoder_format.Case(vocabulary="hexadecimal", encoder="byte-level", command="encode")),
        (file_text, file_text.Case(corpus="stdlib", longest=4_000)),
        (best_kept, best_kept.Case(rate=1.0, seed=1, every=2, keep=2)),
        (missing_init, missing_init.Case(way="empty")),
        (published_shape, published_shape.Case(name="qwen2.5-coder-7b")),
        (declared_update, declared_update.Case(seed=3, cut=20, accumulate=2, clip=0.5)),
        (poisoned_load, poisoned_load.Case(seed=1, tensor=0.4, way="without")),
        (trace_selection, trace_selection.Case(way="the positions")),
        (bisection_misses, bisection_misses.Case(seed=2)),
    ],
    ids=lambda one: by_name(one) if hasattr(one, "FALSIFIER") else "",
)
def test_a_sound_trainer_is_spared_and_its_processes_are_recorded(module: Any, case: Any) -> None:
    notes: list[process.Note] = []
    with process.noted(notes):
        assert module.FALSIFIER.laws[0].reading(None, case) <= module.FALSIFIER.laws[0].tolerance
    assert any(note.module in {program.PROGRAM, "pv"} and note.began and not note.stopped for note in notes)


@pytest.mark.parametrize(
    ("module", "case", "mutant"),
    [
        (split_stability, split_stability.Case(seed=0, documents=90, renamed=False, processes=1), "val-redrawn"),
        (ids_in_range, ids_in_range.Case(split="val-b", place=0.5, token=2**16 - 1), "wrapped-counter"),
        (document_borders, document_borders.Case(seed=0, name="<unk>", every=2, blank=" \n", words=60), "doubled-bos"),
        (
            document_borders,
            document_borders.Case(seed=0, name="<unk>", every=2, blank="\t", words=900),
            "pieces-by-size",
        ),
        (file_text, file_text.Case(corpus="site-packages", longest=4_000), "comments-stripped"),
        (best_kept, best_kept.Case(rate=0.3, seed=0, every=2, keep=1), "worst-kept"),
        (declared_update, declared_update.Case(seed=3, cut=20, accumulate=2, clip=0.5), "wrong-freeze"),
        (poisoned_load, poisoned_load.Case(seed=1, tensor=0.4, way="without"), "dropped-tensor"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_a_planted_fault_is_found(
    module: Any, case: Any, mutant: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import shutil
    import sys

    program.shards()  # made by the sound trainer
    shutil.copytree(ROOT / "aprtrain", tmp_path / "aprtrain", ignore=shutil.ignore_patterns("__pycache__"))
    planted = next(one.MUTANT for one in mutants.REGISTRY if one.MUTANT.name == mutant)
    write(patched(apply(planted, tmp_path), tmp_path), tmp_path)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    assert module.FALSIFIER.laws[0].reading(None, case) > module.FALSIFIER.laws[0].tolerance


@pytest.mark.parametrize(("ends", "typed"), [(("found", "found"), False), (("found", "unseen"), True)])
def test_a_contract_is_judged_by_what_somebody_typed(ends: tuple[str, ...], typed: bool) -> None:
    case = contract_is_bound.Case(claim=contract_is_bound.CLAIMS[0], ends=ends, typed=typed)
    assert contract_is_bound.reading(None, case) == 0.0


def test_a_file_of_weights_is_what_was_written(tmp_path: Path) -> None:
    tensors = program.weights(7)
    program.write_safetensors(tmp_path / "model.safetensors", tensors)
    found = read_safetensors(tmp_path / "model.safetensors")
    assert {name: program.digest(array) for name, array in found.items()} == {
        name: program.digest(array) for name, array in tensors.items()
    }
    assert json.loads((tmp_path / "model.safetensors").read_bytes()[8:][: _header(tmp_path)])


def _header(folder: Path) -> int:
    return int.from_bytes((folder / "model.safetensors").read_bytes()[:8], "little")


def test_a_fault_in_the_encoder_that_leaves_the_shards_of_the_sound_one_in_the_cache() -> None:
    """A stage whose modules do not reach what it runs would hand faulty shards to the honest run.

    What the command line and the judges alone import is no part of a stage's result.
    """
    from aprtrain.plugin import TRAINER
    from pv.trial.plan import _closure

    stages = {stage.name: stage for stage in TRAINER.stages("finetune-micro", seed=0, dataset=None, device="cpu")}
    reached = {name: set(_closure(stage.modules)) for name, stage in stages.items() if stage.mutable}
    planted = {module.MUTANT for module in mutants.REGISTRY if module.MUTANT.group == "data"}
    edited = {edit.module for mutant in planted for edit in mutant.edits} - {"aprtrain.cli_data", "aprtrain.system"}
    assert edited <= set().union(*reached.values())
    assert {"aprtrain.encode", "aprtrain.tokenizer", "aprtrain.corpus"} <= reached["encode"]
