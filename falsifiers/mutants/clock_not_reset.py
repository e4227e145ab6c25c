"""The clock of the steps runs on from one step to the next."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="clock-not-reset",
    group="reporting",
    summary="the time of a step is that since the last pause, with all steps before it",
    edits=(
        Edit(
            module="aprtrain.train",
            old="            seconds, self._clock = now - self._clock, now\n",
            new="            seconds = now - self._clock\n",
        ),
    ),
    expect="the laws rate-recomputed and step-clock",
)
