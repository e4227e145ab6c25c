"""Workers leave out merges at random."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="worker-dropout",
    group="data",
    summary="worker processes encode with a dropout of merges, this process without",
    edits=(
        Edit(
            module="aprtrain.encode",
            old="    return load(folder)\n",
            new="    found = load(folder)\n"
            "    found.inner.model.dropout = 0.2 if parent_process() else None\n"
            "    return found\n",
        ),
    ),
    expect="the law parallel-encode",
)
