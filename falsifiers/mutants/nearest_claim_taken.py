"""In pv itself: a claim that does not exist selects the first that does."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="nearest-claim-taken",
    group="engine",
    summary="a claim that does not exist selects the first that does",
    edits=(
        Edit(
            module="pv.contract.collection",
            old='    where = f"no claim has that name in {len(among)} contracts"\n',
            new="    if other := next(_pairs(among), None):\n        return other\n"
            '    where = f"no claim has that name in {len(among)} contracts"\n',
        ),
    ),
    expect="the law unmatched-selector",
)
