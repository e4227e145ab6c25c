"""The schedule counts pairs of steps."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="schedule-in-wrong-unit",
    group="optimizer",
    summary="warm-up and cosine count every second step, as if in micro-batches",
    edits=(
        Edit(
            module="aprtrain.optimizer",
            old="    warmup = min(train.warmup_steps, train.num_steps - 1)\n",
            new="    step = step // 2\n    warmup = min(train.warmup_steps, train.num_steps - 1)\n",
        ),
    ),
    expect="the law schedule, from the second step on",
)
