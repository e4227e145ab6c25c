"""Queries and keys are not turned."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="no-positions",
    group="architecture",
    summary="rotary positions are not applied at all",
    edits=(
        Edit(
            module="aprtrain.model",
            old="    angle = place[..., None, None] * ",
            new="    angle = 0 * place[..., None, None] * ",
        ),
    ),
    expect="the law rope-relative: the distance changes no score",
)
