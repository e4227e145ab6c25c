"""Workers leave out merges at random."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="worker-dropout",
    group="data",
    summary="worker processes encode with a dropout of merges, this process without",
    edits=(
        Edit(
            module="aprtrain.encode",
            old="    _start(tokenizer_path)\n\n\ndef _end_with_parent",
            new="    _start(tokenizer_path)\n"
            '    _worker["tokenizer"].inner.model.dropout = 0.2\n\n\ndef _end_with_parent',
        ),
    ),
    expect="the law parallel-encode",
)
