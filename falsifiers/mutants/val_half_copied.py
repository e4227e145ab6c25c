"""Every other held-out document is in the train split too."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="val-half-copied",
    group="split",
    summary="the train split holds the documents of every second bucket of the held-out ones",
    edits=(
        Edit(
            module="aprtrain.encode",
            old="if split_of(one.id) == name]",
            new='if split_of(one.id) == name or (name == "train" and int(one.id[:8], 16) % 100 in range(0, 10, 2))]',
        ),
    ),
    expect="shared documents; the overlap of scored windows with the train split",
)
