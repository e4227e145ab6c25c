"""What a device finds for the norms it keeps for itself."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="diverged-replicas",
    group="device",
    summary="the gradients of the norms are not summed over the devices",
    edits=(
        Edit(
            module="aprtrain.mesh",
            old="leaf if AXIS in specs[name] else",
            new='leaf if AXIS in specs[name] or name.endswith("norm") else',
        ),
    ),
    expect="the law replica-digests",
)
