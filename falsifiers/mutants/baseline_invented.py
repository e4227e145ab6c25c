"""In pv itself: whatever revision is named as the base, the newest one is taken."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="baseline-invented",
    group="engine",
    summary="whatever revision is named as the base, the newest one is taken",
    edits=(
        Edit(
            module="pv.change.tree.git",
            old='f"{name}^{{commit}}"',
            new='"HEAD^{commit}"',
        ),
    ),
    expect="the law invented-baseline",
)
