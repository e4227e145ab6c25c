"""In pv itself: a number in quotes is taken for one, and the rule that compares numbers does not see it."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="text-skips-range",
    group="engine",
    summary="a number in quotes is taken for one, and the rule that compares numbers does not see it",
    edits=(
        Edit(
            module="pv.contract.claim",
            old="strict=True, ",
            new="strict=False, ",
        ),
    ),
    expect="the law mistyped-number",
)
