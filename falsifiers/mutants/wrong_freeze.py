"""Biases are decayed."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="wrong-freeze",
    group="loading",
    summary="the rule that spares parameters from decay forgets the biases",
    edits=(
        Edit(module="aprtrain.optimizer", old='UNDECAYED = ("norm", "bq", "bk", "bv")', new='UNDECAYED = ("norm",)'),
    ),
    expect="the law adamw-decayed-set",
)
