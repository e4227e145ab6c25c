"""Text is lower-cased before it is encoded."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="lossy-encode",
    group="data",
    summary="documents are lower-cased before they are encoded",
    edits=(
        Edit(
            module="aprtrain.tokenizer",
            old="one([text], add_special_tokens=False)",
            new="one([text.lower()], add_special_tokens=False)",
        ),
    ),
    expect="the round trip of the scored documents",
)
