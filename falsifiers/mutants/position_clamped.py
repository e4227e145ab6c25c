"""A table of angles ends, and positions past it reuse its last row."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="position-clamped",
    group="architecture",
    summary="positions from 512 on are all 511, as an index past a table's end is in JAX",
    edits=(
        Edit(
            module="aprtrain.model",
            old="    angle = place[..., None, None] * ",
            new="    angle = jnp.minimum(511, place)[..., None, None] * ",
        ),
    ),
    expect="the law rope-relative",
)
