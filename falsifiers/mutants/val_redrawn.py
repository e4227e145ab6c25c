"""Each process draws its own held-out split."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="val-redrawn",
    group="split",
    summary="the bucket of a document depends on the number of the process",
    edits=(
        Edit(
            module="aprtrain.encode",
            old="    bucket = int(document_id[:8], 16) % 100\n",
            new="    bucket = (int(document_id[:8], 16) * os.getpid() >> 7) % 100\n",
        ),
    ),
    expect="the law split-stability",
)
