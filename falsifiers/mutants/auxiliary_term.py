"""A penalty on the log-sum-exp, known as z-loss, is part of the loss and of its slope."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="auxiliary-term",
    group="loss",
    summary="1e-3 times the squared log-sum-exp is added to the loss that is reported",
    edits=(
        Edit(
            module="aprtrain.loss",
            old="- hit) * (weight[:, None] / total)",
            new="* (1 + 2e-3 * normaliser[:, None]) - hit) * (weight[:, None] / total)",
        ),
        Edit(
            module="aprtrain.loss",
            old="jnp.sum((normaliser - chosen) * weight)",
            new="jnp.sum((normaliser - chosen + 1e-3 * normaliser**2) * weight)",
        ),
    ),
    expect="the laws ce-equal-logits, ce-shift and ce-gradient-sum",
)
