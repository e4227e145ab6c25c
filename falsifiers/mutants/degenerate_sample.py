"""Traces of other selections are compared."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="degenerate-sample",
    group="evaluation",
    summary="a comparison of traces asks neither for the tokens nor for the positions",
    edits=(
        Edit(
            module="pv.bisect.compare",
            old='    yield f"tokens {one.tokens[:16]}"\n    yield "positions {}:{}".format(*one.positions)\n',
            new="",
        ),
    ),
    expect="the law trace-selection",
)
