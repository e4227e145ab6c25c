"""Epsilon is added to the RMS instead of its square."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="eps-outside-root",
    group="architecture",
    summary="epsilon is added outside the root",
    edits=(
        Edit(
            module="aprtrain.model",
            old="    normed = wide * jax.lax.rsqrt(jnp.mean(wide * wide, axis=-1, keepdims=True) + eps)\n",
            new="    normed = wide / (jnp.sqrt(jnp.mean(wide * wide, axis=-1, keepdims=True)) + eps)\n",
        ),
    ),
    expect="the law rmsnorm-scale",
)
