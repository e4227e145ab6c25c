"""The gate's activation is GELU."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="other-activation",
    group="architecture",
    summary="the exact GELU stands in the place of silu",
    edits=(Edit(module="aprtrain.model", old="jax.nn.silu(", new="partial(jax.nn.gelu, approximate=False)("),),
    expect="the law silu-constants; the step-0 loss of an init",
)
