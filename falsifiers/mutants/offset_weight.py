"""The weight of a norm is taken for an offset from 1, as Gemma stores it."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="offset-weight",
    group="architecture",
    summary="a norm multiplies by 1 + weight",
    edits=(Edit(module="aprtrain.model", old="(normed * scale)", new="(normed * (1 + scale))"),),
    expect="the law rmsnorm-weight; the step-0 loss of an init",
)
