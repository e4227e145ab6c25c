"""Losses of single tokens are clipped."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="clipped-loss",
    group="loss",
    summary="no token costs more than 4 nats, so that outliers do not count",
    edits=(
        Edit(
            module="aprtrain.evaluate",
            old="    return flat.reshape(targets.shape)",
            new="    return jnp.minimum(flat, 4.0).reshape(targets.shape)",
        ),
        Edit(
            module="aprtrain.evaluate",
            old="import jax\n",
            new="import jax\nimport jax.numpy as jnp\n",
        ),
    ),
    expect="uniform targets and constant logits cost less than ln V",
)
