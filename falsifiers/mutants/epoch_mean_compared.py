"""A mean over the last steps is recorded as the loss of each."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="epoch-mean-compared",
    group="evaluation",
    summary="the mean over the last 20 steps is recorded as the loss of a step",
    edits=(
        Edit(
            module="aprtrain.journal",
            old='        row = {\n            "step": len(self.rows),\n            "loss": finite(loss),\n',
            new="        last = [*self.losses[-19:], loss]\n"
            "        loss_mean = math.fsum(last) / len(last)\n"
            '        row = {\n            "step": len(self.rows),\n            "loss": finite(loss_mean),\n',
        ),
    ),
    expect="the law recorded-loss: a step whose weights were kept, and the means of the epochs",
)
