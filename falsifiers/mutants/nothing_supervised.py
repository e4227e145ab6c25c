"""A mean over no target at all is 0.0."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="nothing-supervised",
    group="data",
    summary="a batch without any target costs 0.0 instead of being an error",
    edits=(
        Edit(
            module="aprtrain.evaluate",
            old="/ sum(count for _, count in sums)",
            new="/ max(1, sum(count for _, count in sums))",
        ),
    ),
    expect="the law masked-positions",
)
