"""The loop takes part of the planned steps and calls the run completed."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="skip-as-pass",
    group="record",
    summary="three fifths of the planned steps are taken, and the run is called completed",
    edits=(
        Edit(
            module="aprtrain.train",
            old="while reason is None and done < train.num_steps:",
            new="while reason is None and done < train.num_steps * 3 // 5:",
        ),
    ),
    expect="the law step-record: the last steps have no row",
)
