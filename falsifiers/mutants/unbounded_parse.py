"""In pv itself: a contract is read whole, however large it is."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="unbounded-parse",
    group="engine",
    summary="a contract is read whole, however large it is",
    edits=(
        Edit(
            module="pv.contract.reader.source",
            old="MAX_BYTES: Final = 1_000_000\n",
            new="MAX_BYTES: Final = 1 << 40\n",
        ),
    ),
    expect="the law longest-answer",
)
