"""The loss is divided by ln 2."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="loss-in-bits",
    group="evaluation",
    summary="losses are in bits and are called nats",
    edits=(
        Edit(module="aprtrain.loss", old="    return nats / total, ", new="    return nats / total / jnp.log(2.0), "),
        Edit(
            module="aprtrain.loss",
            old="    return nats.reshape(-1)[: targets.shape[0]]\n",
            new="    return nats.reshape(-1)[: targets.shape[0]] / jnp.log(2.0)\n",
        ),
    ),
    expect="the law ce-equal-logits; constant logits",
)
