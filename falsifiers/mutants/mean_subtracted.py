"""A norm that centres first, as LayerNorm does."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="mean-subtracted",
    group="architecture",
    summary="the mean is subtracted before the root mean square is taken",
    edits=(
        Edit(
            module="aprtrain.model",
            old="    normed = wide * jax.lax.rsqrt(",
            new="    normed = (wide - jnp.mean(wide, axis=-1, keepdims=True)) * jax.lax.rsqrt(",
        ),
    ),
    expect="the law rmsnorm-unit-rms",
)
