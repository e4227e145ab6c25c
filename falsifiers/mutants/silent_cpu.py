"""A GPU that is not there is replaced by the processor without a word."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="silent-cpu",
    group="device",
    summary="a start that asks for a GPU computes on the processor where there is none",
    edits=(
        Edit(
            module="aprtrain.device",
            old='    if choice == "cuda" and found.platform != "gpu":\n',
            new='    if choice == "cuda" and found.platform not in ("cpu", "gpu"):\n',
        ),
    ),
    expect="the law silent-cpu",
)
