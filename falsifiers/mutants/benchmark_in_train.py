"""Known test strings are part of train."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="benchmark-in-train",
    group="split",
    summary="the run trains on the documents of val-a",
    edits=(
        Edit(
            module="aprtrain.run",
            old='splits["train"]',
            new='splits["val-a"]',
        ),
    ),
    expect="the law canary-p-value",
)
