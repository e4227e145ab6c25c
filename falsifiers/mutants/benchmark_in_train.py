"""Known test strings are part of train."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="benchmark-in-train",
    group="split",
    summary="the train split of the shards that are opened is val-a",
    edits=(
        Edit(
            module="aprtrain.data",
            old='_open_split(folder, name, manifest["splits"][name]',
            new="_open_split(\n"
            '            folder, name.replace("train", "val-a"), manifest["splits"][name.replace("train", "val-a")]',
        ),
    ),
    expect="the law canary-p-value",
)
