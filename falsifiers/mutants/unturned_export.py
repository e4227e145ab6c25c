"""Matrices are exported the way round in which the model has them."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="unturned-export",
    group="loading",
    summary="export writes every matrix the way round in which the model has it",
    edits=(
        Edit(
            module="aprtrain.export",
            old="leaf.T if is_transposed(ours[name]) else leaf",
            new="leaf",
        ),
    ),
    expect="the law export-round-trip",
)
