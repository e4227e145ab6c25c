"""Traces of other selections are compared."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="degenerate-sample",
    group="evaluation",
    summary="a comparison of traces asks neither for the tokens nor for the positions",
    edits=(
        Edit(
            module="aprtrain.trace",
            old='    yield "tokens", one.tokens\n    yield "positions", one.positions\n',
            new="",
        ),
    ),
    expect="the law trace-selection",
)
