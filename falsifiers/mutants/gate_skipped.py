"""Checks of what a run starts from are switched off."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="gate-skipped",
    group="init",
    summary="the preflight of vocabulary and context is not run, and ids in shards are not checked",
    edits=(
        Edit(
            module="aprtrain.pretrain",
            old="    _preflight(base, model, train, shards, init)\n\n",
            new="\n",
        ),
        Edit(
            module="aprtrain.data",
            old="    if int(shard.max()) >= vocab_size:\n",
            new="    if False:\n",
        ),
    ),
    expect="the laws about refusals",
)
