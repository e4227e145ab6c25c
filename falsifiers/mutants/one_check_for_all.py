"""In pv itself: the bound of the first claim stands for all claims of a contract."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="one-check-for-all",
    group="engine",
    summary="the bound of the first claim stands for all claims of a contract",
    edits=(
        Edit(
            module="pv.verdict.judge",
            old="resolved_bound(claim, ",
            new="resolved_bound(contract.claims[0], ",
        ),
    ),
    expect="the law shared-falsifier",
)
