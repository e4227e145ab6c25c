"""Half of the second epoch is counted and not taken."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="skipped-epoch",
    group="record",
    summary="half of the second epoch is counted as done, and none of these steps is taken",
    edits=(
        Edit(
            module="aprtrain.train",
            old="            done += 1\n            self._unread",
            new="            done += 1 + train.steps_per_epoch // 2 * (done == train.steps_per_epoch)\n"
            "            self._unread",
        ),
    ),
    expect="the law step-record: the record is shorter than the plan",
)
