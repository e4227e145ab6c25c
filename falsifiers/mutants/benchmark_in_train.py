"""Known test strings are part of train."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="benchmark-in-train",
    group="split",
    summary="the train split of the shards that are opened is val-a",
    edits=(
        Edit(
            module="aprtrain.data",
            old='manifest["splits"][name]',
            new='manifest["splits"]["val-a" if name == "train" else name]',
        ),
    ),
    expect="the law canary-p-value",
)
