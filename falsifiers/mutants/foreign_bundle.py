"""In pv itself: evidence of other code counts as fresh."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="foreign-bundle",
    group="reporting",
    summary="evidence of other code counts as fresh",
    edits=(
        Edit(
            module="pv.binding.freshness",
            old="            if current != digest:\n",
            new="            if current is None:\n",
        ),
    ),
    expect="the law staleness",
)
