"""The oldest checkpoint is opened instead of the last."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="other-checkpoint",
    group="checkpoint",
    summary="where a run has several checkpoints, the first one is read",
    edits=(
        Edit(
            module="aprtrain.checkpoint",
            old="        step = manager.latest_step() if chosen is None else chosen\n",
            new="        step = min(manager.all_steps()) if chosen is None else chosen\n",
        ),
    ),
    expect="the digests of what is evaluated against those on disk",
)
