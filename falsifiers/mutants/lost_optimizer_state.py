"""A resume starts with fresh moments."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="lost-optimizer-state",
    group="checkpoint",
    summary="a run that is continued has the weights of its checkpoint and moments of zero",
    edits=(
        Edit(
            module="aprtrain.train",
            old="            state = place(checkpoints.restore(done, state))\n",
            new='            fresh = {"opt_state": state["opt_state"]}\n'
            "            state = place(checkpoints.restore(done, state) | fresh)\n",
        ),
    ),
    expect="the law resume",
)
