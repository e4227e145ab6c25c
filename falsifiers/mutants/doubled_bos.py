"""Every document opens with a token of its own beside the end of text before it."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="doubled-bos",
    group="data",
    summary="the unknown token opens each document, after the end of text that already does",
    edits=(
        Edit(
            module="aprtrain.encode",
            old="np.append(ids, ids.dtype",
            new="np.append(np.insert(ids, 0, tokenizer.unk_id or 0), ids.dtype",
        ),
    ),
    expect="the law document-borders",
)
