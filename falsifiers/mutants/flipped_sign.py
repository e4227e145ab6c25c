"""A term has the other sign: one sine of the rotation, and the slope of the loss."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="flipped-sign",
    group="optimizer",
    summary="the gradient of the loss, and one sine of the rotary positions, have the other sign",
    edits=(
        Edit(
            module="aprtrain.model",
            old="second * cos + first * sin]",
            new="second * cos - first * sin]",
        ),
        Edit(
            module="aprtrain.loss",
            old="((jnp.exp(z - normaliser[:, None]) - hit) * ",
            new="((hit - jnp.exp(z - normaliser[:, None])) * ",
        ),
    ),
    expect="the laws rope-norm, softmax-inversions and ce-directional-derivative",
)
