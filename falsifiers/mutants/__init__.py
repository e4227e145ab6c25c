"""Planted faults: source-level edits of the trainer, applied from outside, that falsifiers must catch."""

from typing import Final

from falsifiers.mutants import (
    dropped_bias,
    eval_cached,
    no_causal_mask,
    shuffled_labels,
    targets_unshifted,
    unk_corpus,
    untied_head,
    val_is_train,
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
)
