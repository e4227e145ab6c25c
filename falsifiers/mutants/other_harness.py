"""Numbers of different protocols are compared."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="other-harness",
    group="evaluation",
    summary="two evaluations are compared whatever they scored",
    edits=(
        Edit(
            module="aprtrain.compare",
            old="    if one.keys != two.keys:\n",
            new="    if False:\n",
        ),
    ),
    expect="the law compared-splits",
)
