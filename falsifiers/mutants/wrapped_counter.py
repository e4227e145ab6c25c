"""Counts and ids wrap around at 16 bits."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="wrapped-counter",
    group="precision",
    summary="the count of tokens wraps around at 65,536, and ids are checked as signed 16-bit numbers",
    edits=(
        Edit(
            module="aprtrain.journal",
            old='            "tokens": before + tokens,\n',
            new='            "tokens": (before + tokens) % 65_536,\n',
        ),
        Edit(
            module="aprtrain.data",
            old="    if int(shard.max()) >= vocab_size:\n",
            new="    if int(shard.astype(np.int16).max()) >= vocab_size:\n",
        ),
    ),
    expect="the laws step-record and ids-in-range",
)
