"""Workers leave out merges at random."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="worker-dropout",
    group="data",
    summary="worker processes encode with a dropout of merges, this process without",
    edits=(
        Edit(
            module="aprtrain.encode",
            old='    _worker["tokenizer"] = load(folder)\n',
            new='    _worker["tokenizer"] = load(folder)\n    _worker["tokenizer"].inner.model.dropout = 0.2\n',
        ),
    ),
    expect="the law parallel-encode",
)
