"""Targets with id 0 are taken for padding."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="ignored-class",
    group="loss",
    summary="id 0 is ignored as a target, although it is a token like any other",
    edits=(
        Edit(
            module="aprtrain.loss",
            old="        x, target, weight = part\n",
            new="        x, target, weight = part\n        weight = weight * (target != 0)\n",
        ),
        Edit(
            module="aprtrain.loss",
            old="    return nats.reshape(-1)[: targets.shape[0]]\n",
            new="    return jnp.where(targets == 0, 0, nats.reshape(-1)[: targets.shape[0]])\n",
        ),
    ),
    expect="the law ce-certainty",
)
