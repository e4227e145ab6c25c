"""Positions are counted from 1, as by a cache that was lengthened before it was asked."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="cache-off-by-one",
    group="evaluation",
    summary="every position is one too high",
    edits=(
        Edit(
            module="aprtrain.model",
            old="    angle = place[..., None, None] * ",
            new="    angle = (place + 1)[..., None, None] * ",
        ),
    ),
    expect="the law rope-origin",
)
