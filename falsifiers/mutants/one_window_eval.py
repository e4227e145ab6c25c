"""Only the beginning of a document is scored."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="one-window-eval",
    group="evaluation",
    summary="the evaluator stops after the first window of each document",
    edits=(
        Edit(
            module="aprtrain.evaluate",
            old="padded_windows(document, context, limit)",
            new="padded_windows(document, context, min(limit, context))",
        ),
    ),
    expect="the loss and the number of tokens against the oracle's",
)
