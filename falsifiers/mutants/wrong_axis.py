"""A mean, a softmax and a log-sum-exp are taken over another axis."""

from falsifiers.mutants.mutant import Edit, Mutant
from falsifiers.mutants.passages import faulty

MUTANT = Mutant(
    name="wrong-axis",
    group="architecture",
    summary="the norm's mean runs over tokens, attention's softmax over queries, the loss's normaliser over all tokens",
    edits=(
        Edit(
            module="aprtrain.model",
            old="jnp.mean(wide * wide, axis=-1, keepdims=True)",
            new="jnp.mean(wide * wide, axis=-2, keepdims=True)",
        ),
        faulty("jax.nn.softmax(scores, axis=-1)", "jax.nn.softmax(scores, axis=-2)"),
        Edit(
            module="aprtrain.loss",
            old="    normaliser = jax.nn.logsumexp(z, axis=-1)\n",
            new="    normaliser = jnp.full(z.shape[0], jax.nn.logsumexp(z), z.dtype)\n",
        ),
    ),
    expect="the laws rmsnorm-unit-rms, softmax-row-sum, softmax-shift, ce-gradient-sum and gqa-convex",
)
