"""Each device divides by its own tokens, and the sum over devices stays a sum."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="summed-gradients",
    group="device",
    summary="the gradients of several devices are summed, each a mean over its own rows",
    edits=(
        Edit(
            module="aprtrain.step",
            old='jax.lax.psum(jnp.sum(batch["weights"]), AXIS)',
            new='jnp.sum(batch["weights"])',
        ),
    ),
    expect="the law device-gradients",
)
