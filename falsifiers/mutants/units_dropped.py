"""In pv itself: units that differ are not noticed where amounts meet."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="units-dropped",
    group="engine",
    summary="units that differ are not noticed where amounts meet",
    edits=(
        Edit(
            module="pv.contract.bounds.arithmetic",
            old="        if other.unit != fixed[0].unit:\n",
            new="        if not other.unit:\n",
        ),
    ),
    expect="the law mixed-units",
)
