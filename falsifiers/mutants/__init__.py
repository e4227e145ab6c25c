"""Planted faults: source-level edits of the trainer, applied from outside, that falsifiers must catch."""

from typing import Final

from falsifiers.mutants import (
    averaged_verdicts,
    dropped_bias,
    empty_passes,
    eval_cached,
    no_causal_mask,
    shuffled_labels,
    targets_unshifted,
    unk_corpus,
    untied_head,
    val_is_train,
    worker_status_lost,
)

REGISTRY: Final = (
    unk_corpus,
    dropped_bias,
    untied_head,
    targets_unshifted,
    no_causal_mask,
    eval_cached,
    val_is_train,
    shuffled_labels,
    empty_passes,
    worker_status_lost,
    averaged_verdicts,
)
