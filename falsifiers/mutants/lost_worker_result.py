"""In pv itself: with several workers the first result is lost, and another stands in its place."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="lost-worker-result",
    group="engine",
    summary="with several workers the first result is lost, and another stands in its place",
    edits=(
        Edit(
            module="pv.cli.workers",
            old="            done += 1\n            yield result\n",
            new="            done += 1\n            if done > 1:\n                yield result\n",
        ),
    ),
    expect="the law worker-count",
)
