"""The evaluator keeps its sum in 16 bits."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="bf16-loss-sum",
    group="precision",
    summary="the losses of a window are added up in bfloat16, one after another",
    edits=(
        Edit(
            module="aprtrain.evaluate",
            old="        sums.append((nats[: rows - missing] * weights[part]).sum(axis=1))\n",
            new="        total = jax.numpy.zeros(rows - missing, jax.numpy.bfloat16)\n"
            "        for column in (nats[: rows - missing] * weights[part]).T:\n"
            "            total += jax.numpy.asarray(column, jax.numpy.bfloat16)\n"
            "        sums.append(np.asarray(total, np.float64))\n",
        ),
    ),
    expect="constant logits, and the loss against the oracle's",
)
