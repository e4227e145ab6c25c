"""In pv itself: the stamp is the middle of the verdicts."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="averaged-verdicts",
    group="engine",
    summary="the stamp is the middle of the verdicts",
    edits=(
        Edit(
            module="pv.verdict.stamp",
            old="    stamp = min(found, key=ORDER.index)\n",
            new="    stamp = sorted(found, key=ORDER.index)[len(found) // 2]\n",
        ),
    ),
    expect="the law stamp-meet",
)
