"""The last id of the vocabulary costs nothing as a target."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="free-targets",
    group="loss",
    summary="a target that is the last id has a loss of 0, as beyond the range of a one-hot",
    edits=(
        Edit(
            module="aprtrain.loss",
            old="    return normaliser, chosen, z\n",
            new="    costs = target != z.shape[-1] - 1\n    return costs * normaliser, costs * chosen, z\n",
        ),
    ),
    expect="the law ce-certainty",
)
