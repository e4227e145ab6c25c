"""The target of a position is the token two places later."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="shifted-twice",
    group="loss",
    summary="targets are two tokens ahead, in training and in the trainer's own evaluation",
    edits=(
        Edit(
            module="aprtrain.data",
            old="    return window[..., :-1], window[..., 1:]\n",
            new="    return window[..., :-1], window[..., [*range(2, window.shape[-1]), -1]]\n",
        ),
    ),
    expect="the law target-alignment; the step-0 loss against the oracle",
)
