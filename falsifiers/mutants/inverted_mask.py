"""The evaluator sums what the mask takes away."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="inverted-mask",
    group="loss",
    summary="targets of weight 0 are summed instead of those of weight 1",
    edits=(
        Edit(
            module="aprtrain.evaluate",
            old="(nats[: rows - missing] * weights[part])",
            new="(nats[: rows - missing] * (1 - weights[part]))",
        ),
    ),
    expect="the law masked-positions",
)
