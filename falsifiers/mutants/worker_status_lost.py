"""In pv itself: the largest status wins, not the gravest."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="worker-status-lost",
    group="engine",
    summary="the largest status wins, not the gravest",
    edits=(
        Edit(
            module="pv.verdict.exit",
            old="    return next((code for code in PRECEDENCE if code in found), MET)",
            new="    return max(found, default=MET)",
        ),
    ),
    expect="the law exit-precedence",
)
