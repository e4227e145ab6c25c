"""Matrices are exported the way round in which the model has them."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="unturned-export",
    group="init",
    summary="export writes every matrix the way round in which the model has it",
    edits=(
        Edit(
            module="aprtrain.export",
            old="cast[hf_name(name)].T for name",
            new="cast[hf_name(name)] for name",
        ),
    ),
    expect="the law export-round-trip",
)
