"""The step computes an update and returns the parameters it was given."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="dropped-update",
    group="optimizer",
    summary="the update of the parameters is not applied",
    edits=(
        Edit(
            module="aprtrain.step",
            old='"params": optax.apply_updates(params, updates),',
            new='"params": params,',
        ),
    ),
    expect="the law adamw-first-step",
)
