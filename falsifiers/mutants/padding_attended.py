"""Padding stands where it is attended to."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="padding-attended",
    group="evaluation",
    summary="a window is filled up before its first token, where all later places see it",
    edits=(
        Edit(
            module="aprtrain.data",
            old="np.pad(row, (0, -len(row) % context))",
            new="np.pad(row, (-len(row) % context, 0))",
        ),
    ),
    expect="the laws padding-invariance and gqa-padding",
)
