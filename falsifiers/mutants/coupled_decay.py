"""Weight decay is added to the gradient, where the moments rescale it, and to every parameter."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="coupled-decay",
    group="optimizer",
    summary="decay passes through the moments, as L2 regularisation does, and spares no parameter",
    edits=(
        Edit(
            module="aprtrain.optimizer",
            old="        clip_by_global_norm(train.clip_norm),\n",
            new="        clip_by_global_norm(train.clip_norm),\n"
            "        optax.add_decayed_weights(train.weight_decay),\n",
        ),
        Edit(module="aprtrain.optimizer", old="weight_decay=train.weight_decay,", new="weight_decay=0.0,"),
    ),
    expect="the law adamw-decay",
)
