"""Matrices are exported the way round in which the model has them."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="unturned-export",
    group="loading",
    summary="export writes every matrix the way round in which the model has it",
    edits=(
        Edit(
            module="aprtrain.export",
            old="for name in params if is_transposed(name)}",
            new="for name in params if not name}",
        ),
    ),
    expect="the law export-round-trip",
)
