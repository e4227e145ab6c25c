"""NaNs are replaced by zeros where they should have been avoided."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="hidden-nan",
    group="precision",
    summary="the slope of the loss and the activation overflow, and their NaNs become zeros",
    edits=(
        Edit(
            module="aprtrain.loss",
            old="    normaliser = jax.nn.logsumexp(z, axis=-1)\n",
            new="    normaliser = jnp.log(jnp.sum(jnp.exp(z), axis=-1))\n",
        ),
        Edit(
            module="aprtrain.loss",
            old="jnp.exp(z - normaliser[:, None])",
            new="jnp.nan_to_num(jnp.exp(z) / jnp.exp(normaliser[:, None]))",
        ),
        Edit(
            module="aprtrain.model",
            old="jax.nn.silu(gate)",
            new="_gated(gate)",
        ),
        Edit(
            module="aprtrain.model",
            old="\n\ndef layer_params(",
            new="\n\ndef _gated(z):\n    return jnp.nan_to_num(z * jnp.exp(z) / (1 + jnp.exp(z)))\n"
            "\n\ndef layer_params(",
        ),
    ),
    expect="the laws softmax-not-finite and silu-odd-part",
)
