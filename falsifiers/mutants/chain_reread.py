"""The record of all steps is digested again at every step."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="chain-reread",
    group="reporting",
    summary="all rows before a row are digested again when it is written, so that watching grows with the run",
    edits=(
        Edit(
            module="aprtrain.journal",
            old="        line = to_json(row)\n        self._link",
            new="        for one in self.rows:\n"
            "            digest_bytes(to_json(one).encode())\n"
            "        line = to_json(row)\n"
            "        self._link",
        ),
    ),
    expect="the share of the steps that the monitors take",
)
