"""In pv itself: the confidence that a claim asks for is stored, and another one is used."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="expectation-unread",
    group="engine",
    summary="the confidence that a claim asks for is stored, and another one is used",
    edits=(
        Edit(
            module="pv.verdict.measuring",
            old="        low, high = estimate.lower(case.confidence), estimate.upper(case.confidence)\n",
            new="        low, high = estimate.lower(0.95), estimate.upper(0.95)\n",
        ),
    ),
    expect="the law unread-field",
)
