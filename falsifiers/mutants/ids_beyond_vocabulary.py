"""Nobody asks whether an id has a row in the embedding."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="ids-beyond-vocabulary",
    group="data",
    summary="ids without a row in the embedding are accepted; JAX wraps or clamps them",
    edits=(
        Edit(module="aprtrain.data", old="    if int(shard.max()) >= vocab_size:\n", new="    if False:\n"),
        Edit(
            module="aprtrain.data",
            old="np.bincount(shard, minlength=size)",
            new="np.bincount(np.minimum(shard, size - 1), minlength=size)",
        ),
        Edit(
            module="aprtrain.system", old="        if low < 0 or high >= self.vocab_size:\n", new="        if False:\n"
        ),
    ),
    expect="the laws ids-in-range and ce-target-range",
)
