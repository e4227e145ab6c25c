"""A trace leaves out an operation."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="gap-in-trace",
    group="reporting",
    summary="the trace does not show the residual after the attention of the second layer",
    edits=(
        Edit(
            module="aprtrain.trace",
            old="        hear(layer + name, x)\n",
            new='        if layer + name != "layers.1.attn_residual":\n            hear(layer + name, x)\n',
        ),
    ),
    expect="the law trace-is-whole",
)
