"""The gate has a bias that the architecture has not got."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="stray-bias",
    group="architecture",
    summary="a bias of 0.1 is added before the gate's activation",
    edits=(Edit(module="aprtrain.model", old="jax.nn.silu(gate)", new="jax.nn.silu(gate + 0.1)"),),
    expect="the law swiglu-closed-gate",
)
