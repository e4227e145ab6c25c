"""The activation is on the up branch."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="gate-and-up-swapped",
    group="architecture",
    summary="silu is applied to the up branch, and the gate is linear",
    edits=(
        Edit(
            module="aprtrain.model",
            old='        gate, up = see("gate", ',
            new='        up, gate = see("gate", ',
        ),
    ),
    expect="the law swiglu-up-linear; the step-0 loss of an init",
)
