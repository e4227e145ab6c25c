"""In pv itself: the size of a file is compared, its digest is not."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="digest-unchecked",
    group="engine",
    summary="the size of a file is compared, its digest is not",
    edits=(
        Edit(
            module="pv.evidence.integrity",
            old="    elif digest != entry.sha256:\n",
            new="    elif not digest:\n",
        ),
    ),
    expect="the law altered-byte",
)
