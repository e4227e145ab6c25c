"""The best validation loss is taken to be the highest."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="worst-kept",
    group="checkpoint",
    summary="beside the last checkpoints the one with the highest val-a loss is kept, not the best",
    edits=(
        Edit(
            module="aprtrain.checkpoint",
            old="get_metric_fn=_VAL_LOSS, reverse=True,",
            new="get_metric_fn=_VAL_LOSS, reverse=False,",
        ),
    ),
    expect="the law best-kept",
)
