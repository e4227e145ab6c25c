"""The gradient of the head is stopped on the way."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="detached-branch",
    group="architecture",
    summary="the loss sends no gradient to the head",
    edits=(
        Edit(
            module="aprtrain.loss",
            old="(d_head * cotangent).astype(d_head.dtype), None",
            new="jnp.zeros_like(d_head), None",
        ),
    ),
    expect="the laws ce-directional-derivative and tied-gradient",
)
