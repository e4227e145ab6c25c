"""The device waits for its batches."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="starved-device",
    group="device",
    summary="three of five batches arrive after more than half a second, in which the device is idle",
    edits=(
        Edit(
            module="aprtrain.train",
            old="                state, metrics = step(state, spread(batches.batch(done)))\n",
            new="                time.sleep(0.55 if done % 5 < 3 else 0)\n"
            "                state, metrics = step(state, spread(batches.batch(done)))\n",
        ),
    ),
    expect="the median time of a step",
)
