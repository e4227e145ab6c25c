"""The key of the draws is used again."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="noise-reused",
    group="evaluation",
    summary="generate draws every token with the same noise: the key is not folded with the place",
    edits=(
        Edit(
            module="aprtrain.generate",
            old="jax.random.categorical(jax.random.fold_in(key, place), z / temperature)",
            new="jax.random.categorical(key, z / temperature)",
        ),
    ),
    expect="the law sampled-softmax",
)
