"""The learning rate is 0 at every step."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="zero-learning-rate",
    group="optimizer",
    summary="the schedule returns 0",
    edits=(
        Edit(
            module="aprtrain.optimizer",
            old="    return train.learning_rate * jnp.where(",
            new="    return 0.0 * train.learning_rate * jnp.where(",
        ),
    ),
    expect="the law adamw-first-step",
)
