"""The targets are the inputs: the model learns to copy."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="targets-unshifted",
    group="loss",
    summary="targets are the inputs themselves, in training and in the trainer's own evaluation",
    edits=(
        Edit(
            module="aprtrain.data",
            old="    return window[..., :-1], window[..., 1:]\n",
            new="    return window[..., :-1], window[..., :-1]\n",
        ),
    ),
    expect="the law target-alignment; the recomputed final loss; the step-0 loss against the oracle's",
)
