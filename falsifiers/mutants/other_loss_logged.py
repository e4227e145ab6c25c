"""The loss after the update is recorded as that of the step."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="other-loss-logged",
    group="loss",
    summary="the recorded loss is taken after the update, on the same batch",
    edits=(
        Edit(
            module="aprtrain.step",
            old='        metrics = {"loss": loss, ',
            new="        after = optax.apply_updates(params, updates)\n"
            '        metrics = {"loss": loss_and_gradients(after, config, train, batch, dtype)[0], ',
        ),
    ),
    expect="the law recorded-loss; the step-0 loss against the oracle",
)
