"""The order of the data depends on the process."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="lost-rng",
    group="checkpoint",
    summary="the number of the process is part of the key of the order of the data",
    edits=(
        Edit(
            module="aprtrain.data",
            old="    key = np.array([seed, epoch], np.uint64)\n",
            new='    key = np.array([seed + __import__("os").getpid(), epoch], np.uint64)\n',
        ),
    ),
    expect="the laws same-seed and resume",
)
