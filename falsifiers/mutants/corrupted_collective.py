"""A part of every gradient is lost on the way between devices."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="corrupted-collective",
    group="device",
    summary="the first eighth of every gradient is lost in the sum over the devices",
    edits=(
        Edit(
            module="aprtrain.mesh",
            old="jax.lax.psum(leaf, AXIS)",
            new="jax.lax.psum(leaf.at[: len(leaf) // 8].set(0), AXIS)",
        ),
    ),
    expect="the law device-gradients",
)
