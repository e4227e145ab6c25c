"""In pv itself: a bound above the tables is not called vacuous."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="vacuity-unseen",
    group="engine",
    summary="only a bound that equals a baseline is called vacuous, not one above it",
    edits=(
        Edit(
            module="pv.methodology.rules.vacuous_bound",
            old="(value < bound or (case.claim.op",
            new="(value == bound or (case.claim.op",
        ),
    ),
    expect="the law vacuous-bound",
)
