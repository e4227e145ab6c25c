"""In pv itself: what a law has read refutes no claim."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="blind-falsifier",
    group="engine",
    summary="what a law has read refutes no claim",
    edits=(
        Edit(
            module="pv.evidence.quantities.training",
            old="_worst(readings), units.pop()",
            new="0.0, units.pop()",
        ),
        Edit(
            module="pv.verdict.measuring",
            old='        if row.get("role") == "claim" and _broken(row, tolerance):\n',
            new='        if row.get("role") == "unknown" and _broken(row, tolerance):\n',
        ),
    ),
    expect="the law shared-falsifier",
)
