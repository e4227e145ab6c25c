"""In pv itself: a comparison is asked whether it fails, which with NaN it never does."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="nan-falls-through",
    group="engine",
    summary="a comparison is asked whether it fails, which with NaN it never does",
    edits=(
        Edit(
            module="pv.verdict.measuring",
            old='    if math.isnan(measurement.value):\n        return "wrong"\n',
            new='    if math.isnan(measurement.value):\n        return "clear"\n',
        ),
        Edit(
            module="pv.verdict.measuring",
            old="not (worst <= tolerance if tolerance is not None else worst < math.inf)",
            new="worst > (math.inf if tolerance is None else tolerance)",
        ),
    ),
    expect="the law nan-passes",
)
