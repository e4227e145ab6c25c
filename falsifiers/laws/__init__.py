"""The laws, one a file: what every sound run obeys, and how to look for a case that does not."""

from falsifiers.laws import (
    batch_order,
    causality,
    definition,
    evaluator_repeat,
    input_sensitivity,
    masked_positions,
    padding_invariance,
    target_alignment,
    tied_head,
    weights_on_disk,
    window_from_corpus,
)

LM_LOSS = tuple(
    law.as_control()
    for law in (
        causality.LAW,
        definition.LAW,
        padding_invariance.LAW,
        batch_order.LAW,
        masked_positions.LAW,
        input_sensitivity.LAW,
        target_alignment.LAW,
        evaluator_repeat.LAW,
        tied_head.LAW,
        weights_on_disk.LAW,
        window_from_corpus.LAW,
    )
)
"""The laws that guard a measured loss of a language model: the control set `lm-loss`."""
