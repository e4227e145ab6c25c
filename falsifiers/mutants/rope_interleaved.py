"""Neighbours are turned as pairs instead of halves."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="rope-interleaved",
    group="loading",
    summary="rotary pairs are (2i, 2i + 1) instead of (i, i + d/2)",
    edits=(
        Edit(
            module="aprtrain.model",
            old="    first, second = jnp.split(x.astype(jnp.float32), 2, axis=-1)\n",
            new="    first, second = x[..., 0::2].astype(jnp.float32), x[..., 1::2].astype(jnp.float32)\n",
        ),
        Edit(
            module="aprtrain.model",
            old="    return jnp.concatenate([first * cos - second * sin, second * cos + first * sin], axis=-1)"
            ".astype(x.dtype)",
            new="    turned = jnp.stack([first * cos - second * sin, second * cos + first * sin], axis=-1)\n"
            "    return turned.reshape(x.shape).astype(x.dtype)",
        ),
    ),
    expect="the law rope-pairing; logits of a loaded checkpoint far from position 0",
)
