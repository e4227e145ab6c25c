"""In pv itself: of two equal ids the later replaces the earlier, and nothing is said."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="last-one-wins",
    group="engine",
    summary="of two equal ids the later replaces the earlier, and nothing is said",
    edits=(
        Edit(
            module="pv.contract.collection",
            old="        if first.loaded is not named.loaded:\n",
            new="        if first.loaded is named.loaded and first.path != named.path:\n",
        ),
    ),
    expect="the law duplicate-id",
)
