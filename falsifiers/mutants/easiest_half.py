"""The easier half of the targets stands for all."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="easiest-half",
    group="evaluation",
    summary="the half of the targets that costs less is scored, and counted twice",
    edits=(
        Edit(
            module="aprtrain.evaluate",
            old="        sums.append((nats[: rows - missing]",
            new="        nats = 2 * nats * (nats <= np.median(nats, axis=1, keepdims=True))\n"
            "        sums.append((nats[: rows - missing]",
        ),
    ),
    expect="constant logits, and the loss against the oracle's",
)
