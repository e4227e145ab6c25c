"""The schedule begins again in the middle of the run."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="restarted-schedule",
    group="checkpoint",
    summary="the count of the schedule begins again at every fourth of the steps",
    edits=(
        Edit(
            module="aprtrain.optimizer",
            old="    warmup = min(train.warmup_steps, train.num_steps - 1)\n",
            new="    step = step % max(1, train.num_steps // 4)\n"
            "    warmup = min(train.warmup_steps, train.num_steps - 1)\n",
        ),
    ),
    expect="the law schedule: a second warm-up",
)
