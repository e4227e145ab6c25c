"""Each tensor is clipped by its own norm."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="local-clip-norm",
    group="optimizer",
    summary="each gradient is clipped by the norm of its own tensor",
    edits=(
        Edit(
            module="aprtrain.optimizer",
            old="        clip_by_global_norm(train.clip_norm),\n",
            new="        optax.stateless_with_tree_map(\n"
            "            lambda x, _: x * jnp.minimum(1.0, train.clip_norm / (jnp.linalg.norm(x) + 1e-12))\n"
            "        ),\n",
        ),
    ),
    expect="the law adamw-clip",
)
