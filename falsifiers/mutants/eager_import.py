"""In pv itself: a command imports at its top what few of its runs need."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="eager-import",
    group="engine",
    summary="a command imports at its top what few of its runs need",
    edits=(
        Edit(
            module="pv.cli.validate",
            old="import click\n\nfrom pv.cli.inputs",
            new="import click\nimport numpy\n\nfrom pv.cli.inputs",
        ),
    ),
    expect="the law validate-over-imports",
)
