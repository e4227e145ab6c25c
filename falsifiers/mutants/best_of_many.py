"""The reported split is read after every epoch."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="best-of-many",
    group="reporting",
    summary="val-b is read and recorded whenever val-a is",
    edits=(
        Edit(
            module="aprtrain.train",
            old='        leaves = enumerate(jax.tree.leaves(gathered(state["opt_state"])))\n',
            new='        self.journal.report(done, "val-b", self._run.scored(readable(state["params"]), "val-b"))\n'
            '        leaves = enumerate(jax.tree.leaves(gathered(state["opt_state"])))\n',
        ),
    ),
    expect="the number of looks at val-b",
)
