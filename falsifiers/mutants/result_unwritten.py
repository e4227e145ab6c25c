"""In pv itself: what refutes a claim is shown and not kept."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="result-unwritten",
    group="engine",
    summary="what refutes a claim is shown and not kept",
    edits=(
        Edit(
            module="pv.cli.trials",
            old="    if keeping:\n",
            new="    if keeping and not any(b'refuted' in one.read_bytes() for one in bundle.glob('raw/attacks/*')):\n",
        ),
    ),
    expect="the law result-missing",
)
