"""Queries and keys are not turned."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="no-positions",
    group="model",
    summary="rotary positions are not applied at all",
    edits=(
        Edit(
            module="aprtrain.model",
            old="    angle = jnp.arange(x.shape[1], dtype=jnp.float32)",
            new="    angle = 0 * jnp.arange(x.shape[1], dtype=jnp.float32)",
        ),
    ),
    expect="the law rope-relative: the distance changes no score",
)
