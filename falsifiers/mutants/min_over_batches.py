"""The best window of a document stands for all of it."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="min-over-batches",
    group="evaluation",
    summary="the loss of a document is that of its cheapest window",
    edits=(
        Edit(
            module="aprtrain.evaluate",
            old="    return [(float(sums[start:stop].sum()), int(counts",
            new="    means = sums / counts\n"
            "    sums = np.concatenate([counts[a:b] * means[a:b].min() for a, b in pairwise(rows)])\n"
            "    return [(float(sums[start:stop].sum()), int(counts",
        ),
    ),
    expect="the loss against the oracle's",
)
