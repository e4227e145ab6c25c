"""The split that is reported also selects."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="tuned-on-reported",
    group="split",
    summary="after each epoch val-b is read in the place of val-a",
    edits=(
        Edit(
            module="aprtrain.train",
            old='self.journal.report(done, "val-a", self._run.scored(readable(state["params"]), "val-a"))',
            new='self.journal.report(done, "val-b", self._run.scored(readable(state["params"]), "val-b"))',
        ),
    ),
    expect="the number of looks at val-b",
)
