"""The training targets are dealt out anew within each batch: nothing can be learnt but frequencies."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="shuffled-labels",
    group="loss",
    summary="the targets of each training batch are permuted",
    edits=(
        Edit(
            module="aprtrain.step",
            old="    inputs, targets = inputs_and_targets(window)\n",
            new="    inputs, targets = inputs_and_targets(window)\n"
            "    dealt = jax.random.permutation(jax.random.key(0), targets.reshape(-1))\n"
            "    targets = dealt.reshape(targets.shape)\n",
        ),
    ),
    expect="the unigram entropy and the untouched init: the loss stays above both; the step-0 loss",
)
