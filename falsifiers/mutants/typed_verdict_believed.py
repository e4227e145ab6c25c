"""In pv itself: a status that was typed is never compared with the derivation."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="typed-verdict-believed",
    group="engine",
    summary="a status that was typed is never compared with the derivation",
    edits=(
        Edit(
            module="pv.verdict.hand_written",
            old="        if meant is None or about is None:\n",
            new="        if meant is not None or about is None:\n",
        ),
    ),
    expect="the law typed-verdict",
)
