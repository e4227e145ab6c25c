"""The step does its work twice."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="gradients-twice",
    group="device",
    summary="the gradients of a batch are computed again from its rows in the other order, and the mean is taken",
    edits=(
        Edit(
            module="aprtrain.step",
            old="        updates, opt_state = optimizer.update(gradients, state",
            new="        again = {name: array[::-1] for name, array in batch.items()}\n"
            "        _, others = loss_and_gradients(params, config, train, again, dtype, layout)\n"
            "        gradients = {name: (leaf + others[name]) / 2 for name, leaf in gradients.items()}\n"
            "        updates, opt_state = optimizer.update(gradients, state",
        ),
    ),
    expect="the race against a peer, at every size",
)
