"""A norm takes the magnitude of its input."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="absolute-value",
    group="architecture",
    summary="the norm loses the sign of what it normalises",
    edits=(
        Edit(
            module="aprtrain.model",
            old="    wide = x.astype(jnp.float32)\n",
            new="    wide = jnp.abs(x.astype(jnp.float32))\n",
        ),
    ),
    expect="the law rmsnorm-odd",
)
