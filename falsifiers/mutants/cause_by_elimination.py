"""What is left over is called the cause."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="cause-by-elimination",
    group="reporting",
    summary="a large deviation is called the cause, and what ends a symptom where it is removed is called confirmed",
    edits=(
        Edit(
            module="aprtrain.trace",
            old="    listen(system.params, system.model, ids, add)\n",
            new="    listen(system.params, system.model, ids, add)\n"
            "    for at, row in enumerate(rows):\n"
            '        before = [one for one in rows[:at] if one.name.split(".")[2:] == row.name.split(".")[2:] != []]\n'
            "        if before and row.std > 10 * before[-1].std:\n"
            '            rows[at] = Row(f"{row.name} (the cause)", *list(asdict(row).values())[1:])\n',
        ),
        Edit(
            module="pv.bisect.suspect",
            old="        if ends and returns:\n",
            new="        if ends:\n",
        ),
    ),
    expect="the laws anomaly-without-reference and unconfirmed-cause",
)
