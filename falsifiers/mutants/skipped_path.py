"""In pv itself: a path that does not exist is skipped."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="skipped-path",
    group="engine",
    summary="a path that does not exist is skipped",
    edits=(
        Edit(
            module="pv.contract.collection",
            old='            raise UsageError(str(path), "no such file or folder", '
            '"check the path; nothing was judged")\n',
            new="            continue\n",
        ),
    ),
    expect="the law missing-path",
)
