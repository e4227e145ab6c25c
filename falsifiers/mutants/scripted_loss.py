"""The recorded loss is a function of the step."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="scripted-loss",
    group="reporting",
    summary="the recorded loss decays with the step, whatever the batch",
    edits=(
        Edit(
            module="aprtrain.step",
            old='        metrics = {"loss": loss, ',
            new='        metrics = {"loss": 0.0 * loss + 5.6 * jnp.exp(-0.01 * state["step"]), ',
        ),
    ),
    expect="the law other-data-same-curve",
)
