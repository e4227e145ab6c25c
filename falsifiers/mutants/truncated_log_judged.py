"""In pv itself: planned and recorded steps are not compared."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="truncated-log-judged",
    group="engine",
    summary="planned and recorded steps are not compared",
    edits=(
        Edit(
            module="pv.methodology.rules.truncated_record",
            old="    elif planned != executed:\n",
            new="    elif planned < executed:\n",
        ),
        Edit(
            module="pv.methodology.rules.truncated_record",
            old='    if gaps := case.value("step_gaps"):\n',
            new='    if (gaps := case.value("step_gaps")) and not planned:\n',
        ),
    ),
    expect="the law cut-record",
)
