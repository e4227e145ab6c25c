"""The validation documents are trained on."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="val-is-train",
    group="split",
    summary="the train split holds every document, those of both validation splits included",
    edits=(
        Edit(
            module="aprtrain.encode",
            old="if split_of(one.id) == name]",
            new='if name in ("train", split_of(one.id))]',
        ),
    ),
    expect="the overlap of scored documents with the train split, against its calibration; shared documents",
)
