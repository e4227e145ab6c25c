"""In pv itself: SARIF leaves with status 0, whatever it says."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="format-hides-error",
    group="engine",
    summary="SARIF leaves with status 0, whatever it says",
    edits=(
        Edit(
            module="pv.cli.validate",
            old="    ctx.exit(printed.exit_status)\n",
            new='    ctx.exit(0 if form == "sarif" else printed.exit_status)\n',
        ),
    ),
    expect="the law format-status",
)
