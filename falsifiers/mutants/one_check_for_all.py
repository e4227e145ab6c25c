"""In pv itself: the bound of the first claim stands for all claims of a contract."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="one-check-for-all",
    group="engine",
    summary="the bound of the first claim stands for all claims of a contract",
    edits=(
        Edit(
            module="pv.verdict.judge",
            old="    bound, unbounded = resolved_bound(claim, exhibit.quantities)\n",
            new="    bound, unbounded = resolved_bound(contract.claims[0], exhibit.quantities)\n",
        ),
    ),
    expect="the law shared-falsifier",
)
