"""In pv itself: a falsifier that saw nothing under a fault has struck on it."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="blind-falsifier",
    group="engine",
    summary="a planted fault that no law saw counts as killed",
    edits=(
        Edit(
            module="pv.verdict.power",
            old='    return "killed" if seen else "survived"\n',
            new='    return "killed" if seen or verdict.mutant else "survived"\n',
        ),
    ),
    expect="the law contract-is-bound",
)
