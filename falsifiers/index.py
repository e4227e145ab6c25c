"""The static index: which falsifier is bound to which claim, so that binding needs no import of it.

`python -m falsifiers.index` writes index.json anew; `python -m falsifiers.index PACKAGE` that of another package,
whose index names its modules: what it says about each is taken from the module.
"""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from falsifiers import mutants
from falsifiers.data.registry import DATA
from falsifiers.engine import (
    altered_byte,
    cut_record,
    declared_level,
    deleted_evidence,
    derived_read,
    duplicate_id,
    empty_folder,
    empty_mutation,
    exit_precedence,
    format_status,
    invented_baseline,
    longest_answer,
    missing_path,
    mistyped_number,
    mixed_units,
    mutant_bundle,
    nan_passes,
    result_missing,
    shared_falsifier,
    skipped_check,
    staleness,
    stamp_meet,
    traceback,
    typed_verdict,
    unmatched_selector,
    unread_field,
    validate_over_imports,
    worker_count,
)
from falsifiers.evaluation.registry import EVALUATION
from falsifiers.kernels.registry import KERNELS
from falsifiers.loading.registry import LOADING
from falsifiers.loop.registry import LOOP
from falsifiers.tracing.registry import TRACING
from falsifiers.training import (
    altered_by_trace,
    context_unused,
    contradictory_clocks,
    costly_monitors,
    damage_unseen,
    device_fault,
    drifted_replica,
    empty_histogram,
    empty_loss,
    false_alarm,
    guessed_noise,
    held_out_trained,
    invented_rate,
    loosened_tie,
    loss_of_another_device,
    lost_text,
    misread_constant,
    mixed_tokenizers,
    order_ignored,
    other_attention,
    other_block,
    other_kernels,
    other_loss,
    other_norm,
    other_rate,
    other_rotation,
    other_softmax,
    other_tensors,
    other_weights,
    overlapping_windows,
    random_as_good,
    ruling_token,
    second_look,
    shared_documents,
    slow_step,
    slower_than_peer,
    split_gradient,
    undone_arithmetic,
    unfinished_run,
    unheld_weights,
    unknown_tokens,
    unlike_oracle,
    unloaded_init,
    unmoved_entries,
    unread_tokens,
    unrecorded_steps,
    unrepeatable_run,
    unrepeatable_step,
    unsaved_weights,
    unsteady_evaluator,
    unused_init,
    worthless_init,
)

REGISTRY: Final = (
    unfinished_run,
    contradictory_clocks,
    unused_init,
    unsaved_weights,
    empty_loss,
    device_fault,
    worthless_init,
)

CLAIMS: Final = {
    f"FALSIFY-APR-PRETRAIN-INIT-FINETUNE-{number:03d}": module.FALSIFIER.name
    for number, module in enumerate(REGISTRY, start=1)
}

RUNS: Final = {
    "FALSIFY-ACTIVATION-TRACE-001": altered_by_trace,
    "FALSIFY-ACTIVATION-TRACE-006": false_alarm,
    "FALSIFY-TRAINING-LOOP-004": unrecorded_steps,
    "FALSIFY-TRAINING-LOOP-005": other_loss,
    "FALSIFY-TRAINING-LOOP-006": other_rate,
    "FALSIFY-TRAINING-LOOP-009": unrepeatable_run,
    "FALSIFY-TRAINING-LOOP-011": unread_tokens,
    "FALSIFY-DATA-SPLIT-001": shared_documents,
    "FALSIFY-DATA-SPLIT-002": overlapping_windows,
    "FALSIFY-DATA-SPLIT-003": held_out_trained,
    "FALSIFY-EVAL-METHODOLOGY-001": misread_constant,
    "FALSIFY-EVAL-METHODOLOGY-002": guessed_noise,
    "FALSIFY-EVAL-METHODOLOGY-003": order_ignored,
    "FALSIFY-EVAL-METHODOLOGY-006": random_as_good,
    "FALSIFY-EVAL-METHODOLOGY-007": context_unused,
    "FALSIFY-EVAL-METHODOLOGY-008": damage_unseen,
    "FALSIFY-EVAL-METHODOLOGY-009": unlike_oracle,
    "FALSIFY-EVAL-METHODOLOGY-010": other_weights,
    "FALSIFY-EVAL-METHODOLOGY-013": unsteady_evaluator,
    "FALSIFY-EVAL-METHODOLOGY-014": second_look,
    "FALSIFY-TOKENIZER-AND-CORPUS-002": lost_text,
    "FALSIFY-TOKENIZER-AND-CORPUS-003": unknown_tokens,
    "FALSIFY-TOKENIZER-AND-CORPUS-004": empty_histogram,
    "FALSIFY-TOKENIZER-AND-CORPUS-005": ruling_token,
    "FALSIFY-TOKENIZER-AND-CORPUS-006": mixed_tokenizers,
    "FALSIFY-APR-PRETRAIN-FROM-INIT-006": worthless_init,
    "FALSIFY-APR-PRETRAIN-FROM-INIT-007": unloaded_init,
    "FALSIFY-APR-PRETRAIN-ARCH-POLYMORPHIC-011": unloaded_init,
    "FALSIFY-TENSOR-LAYOUT-001": other_tensors,
    "FALSIFY-GPU-TRAINING-BACKEND-001": unheld_weights,
    "FALSIFY-GPU-TRAINING-BACKEND-003": undone_arithmetic,
    "FALSIFY-GPU-TRAINING-BACKEND-004": loss_of_another_device,
    "FALSIFY-GPU-TRAINING-BACKEND-005": other_kernels,
    "FALSIFY-GPU-TRAINING-BACKEND-006": split_gradient,
    "FALSIFY-GPU-TRAINING-BACKEND-007": drifted_replica,
    "FALSIFY-GPU-TRAINING-BACKEND-008": unrepeatable_step,
    "FALSIFY-MONITORS-001": costly_monitors,
    "FALSIFY-THROUGHPUT-001": invented_rate,
    "FALSIFY-THROUGHPUT-002": slow_step,
    "FALSIFY-THROUGHPUT-006": slower_than_peer,
    "FALSIFY-THROUGHPUT-007": slower_than_peer,
    "FALSIFY-THROUGHPUT-008": slower_than_peer,
    "FALSIFY-ADAMW-008": unmoved_entries,
    "FALSIFY-CROSS-ENTROPY-010": other_loss,
    "FALSIFY-GQA-008": other_attention,
    "FALSIFY-RMSNORM-006": other_norm,
    "FALSIFY-ROPE-008": other_rotation,
    "FALSIFY-SOFTMAX-007": other_softmax,
    "FALSIFY-SWIGLU-006": other_block,
    "FALSIFY-TIED-EMBEDDINGS-005": loosened_tie,
    "FALSIFY-PRETRAIN-FROM-SCRATCH-001": unfinished_run,
    "FALSIFY-PRETRAIN-FROM-SCRATCH-002": other_loss,
    "FALSIFY-PRETRAIN-FROM-SCRATCH-003": unrecorded_steps,
    "FALSIFY-PRETRAIN-FROM-SCRATCH-004": context_unused,
    "FALSIFY-PRETRAIN-FROM-SCRATCH-005": unrepeatable_run,
}
"""Claims of other contracts that a run of the trainer is judged by."""

ENGINE: Final = {
    "FALSIFY-PV-SELF-001": empty_folder,
    "FALSIFY-PV-SELF-002": missing_path,
    "FALSIFY-PV-SELF-003": duplicate_id,
    "FALSIFY-PV-SELF-004": format_status,
    "FALSIFY-PV-SELF-005": unmatched_selector,
    "FALSIFY-PV-SELF-006": unread_field,
    "FALSIFY-PV-SELF-007": mistyped_number,
    "FALSIFY-PV-SELF-008": shared_falsifier,
    "FALSIFY-PV-SELF-009": typed_verdict,
    "FALSIFY-PV-SELF-010": invented_baseline,
    "FALSIFY-PV-SELF-011": empty_mutation,
    "FALSIFY-PV-SELF-012": cut_record,
    "FALSIFY-PV-SELF-013": nan_passes,
    "FALSIFY-PV-SELF-014": worker_count,
    "FALSIFY-PV-SELF-015": result_missing,
    "FALSIFY-PV-SELF-016": skipped_check,
    "FALSIFY-PV-SELF-017": altered_byte,
    "FALSIFY-PV-SELF-018": derived_read,
    "FALSIFY-PV-SELF-019": declared_level,
    "FALSIFY-PV-SELF-020": mutant_bundle,
    "FALSIFY-PV-SELF-021": stamp_meet,
    "FALSIFY-PV-SELF-022": deleted_evidence,
    "FALSIFY-PV-SELF-023": staleness,
    "FALSIFY-PV-SELF-024": exit_precedence,
    "FALSIFY-PV-SELF-025": mixed_units,
    "FALSIFY-PV-SELF-026": traceback,
    "FALSIFY-PV-SELF-027": longest_answer,
    "FALSIFY-PV-SELF-028": validate_over_imports,
}
"""Claims about pv itself, whose falsifiers attack its functions and commands."""

FUNCTIONS: Final = {**ENGINE, **KERNELS, **DATA, **LOADING, **LOOP, **EVALUATION, **TRACING}
"""Claims whose falsifiers attack functions: of pv, and of the trainer."""

PATH: Final = Path(__file__).with_name("index.json")


def build() -> dict[str, Any]:
    """The index as the modules have it."""
    return {
        "schema_version": "1",
        "falsifiers": {
            **{module.FALSIFIER.name: _falsifier(module) for module in (*REGISTRY, *RUNS.values())},
            **{module.FALSIFIER.name: {**_falsifier(module), "about": "functions"} for module in FUNCTIONS.values()},
        },
        "claims": {**CLAIMS, **{claim: module.FALSIFIER.name for claim, module in (RUNS | FUNCTIONS).items()}},
        "mutants": {module.MUTANT.name: _mutant(module) for module in mutants.REGISTRY},
    }


def _mutant(module: ModuleType) -> dict[str, Any]:
    """The row of a mutant: what it changes is copied before an attack, and the fault is planted in the copy."""
    edits = sorted({edit.module for edit in module.MUTANT.edits})
    mutant = module.MUTANT
    return {"module": module.__name__, "group": mutant.group, "summary": mutant.summary, "edits": edits}


def _falsifier(module: ModuleType) -> dict[str, Any]:
    falsifier = module.FALSIFIER
    return {
        "module": module.__name__,
        "hunts": falsifier.hunts,
        "laws": [law.name for law in falsifier.laws],
    }


def refreshed(index: dict[str, Any]) -> dict[str, Any]:
    """The index of another package, with what its modules say about themselves now."""
    falsifiers = [importlib.import_module(row["module"]) for row in index["falsifiers"].values()]
    faults = [importlib.import_module(row["module"]) for row in index["mutants"].values()]
    return {
        **index,
        "falsifiers": {module.FALSIFIER.name: {**_falsifier(module), "about": "functions"} for module in falsifiers},
        "mutants": {module.MUTANT.name: _mutant(module) for module in faults},
    }


def main(argv: Sequence[str] | None = None) -> int:
    """Write an index anew; the exit status."""
    given = sys.argv[1:] if argv is None else argv
    if not given:
        _write(PATH, build())
        return 0
    sys.path.insert(0, str(Path.cwd()))
    for name in given:
        path = Path(str(importlib.import_module(name).__file__)).with_name("index.json")
        _write(path, refreshed(json.loads(path.read_text(encoding="utf-8"))))
    return 0


def _write(path: Path, index: dict[str, Any]) -> None:
    path.write_text(json.dumps(index, indent=2, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    raise SystemExit(main())
