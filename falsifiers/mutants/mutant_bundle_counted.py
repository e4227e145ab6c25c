"""In pv itself: a run under a mutant is weighed like an honest one."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="mutant-bundle-counted",
    group="engine",
    summary="a run under a mutant is weighed like an honest one",
    edits=(
        Edit(
            module="pv.verdict.combine",
            old="    counted = [one for one in judged if one.mutant is None or _has_faults(one)]\n",
            new="    counted = list(judged)\n",
        ),
    ),
    expect="the law mutant-bundle",
)
