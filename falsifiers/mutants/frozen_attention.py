"""No gradient goes through attention."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="frozen-attention",
    group="architecture",
    summary="the gradient is stopped at attention's output, so that queries, keys and values never train",
    edits=(
        Edit(
            module="aprtrain.model",
            old="        mixed = see(",
            new="        mixed = jax.lax.stop_gradient(see(",
        ),
        Edit(
            module="aprtrain.model",
            old=".reshape(batch, length, -1))\n        x = see(",
            new=".reshape(batch, length, -1)))\n        x = see(",
        ),
    ),
    expect="the law adamw-unmoved-share: the biases, which no decay pulls on, stay where they were",
)
