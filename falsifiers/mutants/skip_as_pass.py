"""In pv itself: a fault that was never planted counts as killed."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="skip-as-pass",
    group="reporting",
    summary="a fault that was never planted counts as killed",
    edits=(
        Edit(
            module="pv.verdict.power",
            old='"missing")\n',
            new='"killed")\n',
        ),
    ),
    expect="the law skipped-check",
)
