"""The cosine is stretched over twice the steps."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="unreached-decay",
    group="optimizer",
    summary="the decay is planned over twice the steps, so its end is never reached",
    edits=(
        Edit(
            module="aprtrain.optimizer",
            old="(step - warmup) / max(1, train.num_steps - warmup)",
            new="(step - warmup) / max(1, 2 * train.num_steps - warmup)",
        ),
    ),
    expect="the law schedule, after the warm-up",
)
