"""Text is lower-cased before it is encoded."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="lossy-encode",
    group="data",
    summary="documents are lower-cased before they are encoded",
    edits=(
        Edit(
            module="aprtrain.tokenizer",
            old="self.inner.encode_batch_fast(list(texts))]\n",
            new="self.inner.encode_batch_fast([text.lower() for text in texts])]\n",
        ),
    ),
    expect="the round trip of the scored documents",
)
