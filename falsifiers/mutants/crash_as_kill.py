"""In pv itself: a run under a mutant that crashed counts as a kill."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="crash-as-kill",
    group="engine",
    summary="a run under a mutant that crashed counts as a kill",
    edits=(
        Edit(
            module="pv.verdict.power",
            old='        return "crashed"\n',
            new='        return "killed"\n',
        ),
    ),
    expect="the law mutant-bundle",
)
