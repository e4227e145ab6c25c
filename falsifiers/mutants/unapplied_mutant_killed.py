"""In pv itself: a fault that did not apply is run as if it had, and counts as killed."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="unapplied-mutant-killed",
    group="engine",
    summary="a fault that did not apply is run as if it had, and counts as killed",
    edits=(
        Edit(
            module="pv.trial.overlay",
            old="    if done.returncode != 0:\n",
            new="    if done.returncode not in {0, 2}:\n",
        ),
        Edit(
            module="pv.trial.overlay",
            old="    if not done.stdout.strip():\n        raise ",
            new='    if not done.stdout.strip():\n        return "did not apply\\n"\n        raise ',
        ),
        Edit(
            module="pv.verdict.power",
            old='    return "killed" if seen else "survived"\n',
            new='    return "killed" if seen or "@@" not in bundle.patch else "survived"\n',
        ),
    ),
    expect="the law empty-mutation",
)
