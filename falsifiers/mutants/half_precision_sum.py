"""Sums are kept in 16 bits: a norm's mean square, a softmax's normaliser, the loss over chunks."""

from falsifiers.mutants.mutant import Edit, Mutant
from falsifiers.mutants.passages import in_16_bits

MUTANT = Mutant(
    name="half-precision-sum",
    group="precision",
    summary="the norm's mean square, the loss's normaliser and its sum over chunks are bfloat16",
    edits=(
        Edit(
            module="aprtrain.model",
            old="jnp.mean(wide * wide, axis=-1, keepdims=True)",
            new=in_16_bits("jnp.mean(wide * wide, axis=-1, keepdims=True)"),
        ),
        Edit(
            module="aprtrain.loss",
            old="    normaliser = jax.nn.logsumexp(z, axis=-1)\n",
            new=f"    normaliser = {in_16_bits('jax.nn.logsumexp(z, axis=-1)')}\n",
        ),
        Edit(
            module="aprtrain.loss",
            old="        return (nats + jnp.sum((normaliser - chosen) * weight), d_head), dx\n",
            new=f"        nats = {in_16_bits('nats + jnp.sum((normaliser - chosen) * weight)')}\n"
            "        return (nats, d_head), dx\n",
        ),
    ),
    expect="the laws rmsnorm-unit-rms, softmax-row-sum and ce-chunks",
)
