"""The record names a GPU, whatever the steps ran on."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="gpu-on-paper",
    group="reporting",
    summary="the summary of a run names an H200, whatever device computed",
    edits=(
        Edit(
            module="aprtrain.train",
            old='"platform": run.device.platform, "kind": run.device.kind,',
            new='"platform": "gpu", "kind": "NVIDIA H200",',
        ),
    ),
    expect="the share of samples in which the process holds its state; the rule silent-cpu",
)
