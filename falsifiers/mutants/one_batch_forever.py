"""The loader returns the batch of step 0 at every step."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="one-batch-forever",
    group="data",
    summary="every step trains on the batch of step 0",
    edits=(
        Edit(
            module="aprtrain.data",
            old="divmod(step * self.batch_size + row, self.windows)",
            new="divmod(0 * step + row, self.windows)",
        ),
    ),
    expect="the law windows-once",
)
