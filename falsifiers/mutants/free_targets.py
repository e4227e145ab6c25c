"""The last id of the vocabulary costs nothing as a target."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="free-targets",
    group="loss",
    summary="a target that is the last id has a loss of 0, as beyond the range of a one-hot",
    edits=(
        Edit(
            module="aprtrain.loss",
            old="        return normaliser - chosen\n",
            new="        return (target != head.shape[0] - 1) * (normaliser - chosen)\n",
        ),
    ),
    expect="the law ce-certainty",
)
