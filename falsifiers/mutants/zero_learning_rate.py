"""The learning rate is zero."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="zero-learning-rate",
    group="optimizer",
    summary="the rate of every step is zero",
    edits=(
        Edit(
            module="aprtrain.optimizer",
            old="    return train.learning_rate * jnp.where(",
            new="    return 0.0 * jnp.where(",
        ),
    ),
    expect="the laws overfit-one-batch and schedule",
)
