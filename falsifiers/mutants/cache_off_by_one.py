"""Positions are counted from 1, as by a cache that was lengthened before it was asked."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="cache-off-by-one",
    group="model",
    summary="every position is one too high",
    edits=(
        Edit(
            module="aprtrain.model",
            old="    angle = jnp.arange(x.shape[1], dtype=jnp.float32)",
            new="    angle = jnp.arange(1, x.shape[1] + 1, dtype=jnp.float32)",
        ),
    ),
    expect="the law rope-origin",
)
