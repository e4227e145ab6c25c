"""Gradients are added to those of all steps before, as where nobody sets them to zero."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="stale-gradients",
    group="optimizer",
    summary="each step uses the sum of all gradients so far",
    edits=(
        Edit(
            module="aprtrain.optimizer",
            old="        clip_by_global_norm(train.clip_norm),\n",
            new="        optax.trace(decay=1.0),\n        clip_by_global_norm(train.clip_norm),\n",
        ),
    ),
    expect="the law adamw-recursion",
)
