"""A fine-tune goes on with the moments and the count of its init."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="inherited-moments",
    group="optimizer",
    summary="a run from another run's checkpoint starts with the state of that run's optimizer",
    edits=(
        Edit(
            module="aprtrain.train",
            old="        state = place(initial_state(params, run.train))\n",
            new="        state = place(initial_state(params, run.train))\n"
            "        if run.init is not None and not run.init.foreign:\n"
            '            before = Checkpoints(run.init.path / "checkpoint")\n'
            '            found = before.restore(before.latest(), state) | {"step": state["step"]}\n'
            '            state = place(found | {"params": state["params"]})\n'
            "            before.close()\n",
        ),
    ),
    expect="the law adamw-fresh-moments",
)
