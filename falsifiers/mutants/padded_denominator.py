"""Sums are divided by the number of places, padding included."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="padded-denominator",
    group="loss",
    summary="padded places count in the denominator of the loss, and in the evaluator's number of targets",
    edits=(
        Edit(module="aprtrain.loss", old="    return nats / total, ", new="    return nats / chunks[2].size, "),
        Edit(
            module="aprtrain.evaluate",
            old="weights.sum(axis=1, dtype=np.float64)",
            new="np.full(len(weights), float(weights.shape[1]))",
        ),
    ),
    expect="the laws ce-equal-logits, ce-chunks and masked-positions",
)
