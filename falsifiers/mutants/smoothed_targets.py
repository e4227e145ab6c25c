"""A tenth of each target's weight is spread over the vocabulary."""

from falsifiers.mutants.mutant import Edit, Mutant

SMOOTHED = "0.9 * jnp.take_along_axis(z, target[:, None], axis=-1)[:, 0] + 0.1 * jnp.mean(z, axis=-1)"

MUTANT = Mutant(
    name="smoothed-targets",
    group="loss",
    summary="label smoothing of 0.1 is part of the reported loss",
    edits=(
        Edit(
            module="aprtrain.loss",
            old="    chosen = jnp.take_along_axis(z, target[:, None], axis=-1)[:, 0]\n",
            new=f"    chosen = {SMOOTHED}\n",
        ),
    ),
    expect="the law ce-certainty",
)
