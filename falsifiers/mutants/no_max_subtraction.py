"""Exponentials are taken of the logits as they are."""

from falsifiers.mutants.mutant import Edit, Mutant
from falsifiers.mutants.passages import faulty

MUTANT = Mutant(
    name="no-max-subtraction",
    group="architecture",
    summary="softmax and log-sum-exp do not subtract the row's maximum",
    edits=(
        faulty(
            "    weights = jax.nn.softmax(scores, axis=-1)\n",
            "    weights = jnp.exp(scores)\n    weights = weights / jnp.sum(weights, axis=-1, keepdims=True)\n",
        ),
        Edit(
            module="aprtrain.loss",
            old="    normaliser = jax.nn.logsumexp(z, axis=-1)\n",
            new="    normaliser = jnp.log(jnp.sum(jnp.exp(z), axis=-1))\n",
        ),
    ),
    expect="the laws softmax-shift, softmax-not-finite, ce-shift and gqa-convex",
)
