"""In pv itself: nothing selected gives status 0."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="empty-passes",
    group="engine",
    summary="nothing selected gives status 0",
    edits=(
        Edit(
            module="pv.verdict.exit",
            old="    if not verdicts:\n        return NO_VERDICT\n    return worst(code for verdict",
            new="    if not verdicts:\n        return MET\n    return worst(code for verdict",
        ),
    ),
    expect="the law empty-folder",
)
