"""Padding stands where it is attended to."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="padding-attended",
    group="evaluation",
    summary="a window is filled up before its first token, where all later places see it",
    edits=(
        Edit(
            module="aprtrain.data",
            old="    padding = (0, rows * context - len(targets))\n",
            new="    padding = (rows * context - len(targets), 0)\n",
        ),
    ),
    expect="the laws padding-invariance and gqa-padding",
)
