"""In pv itself: a record that calls itself live is live."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="typed-level-believed",
    group="engine",
    summary="a record that calls itself live is live",
    edits=(
        Edit(
            module="pv.evidence.level",
            old="    steps = executed_steps(bundle) or 0\n",
            new='    if bundle.run.get("level") == "live":\n        return "live"\n'
            "    steps = executed_steps(bundle) or 0\n",
        ),
    ),
    expect="the law declared-level",
)
