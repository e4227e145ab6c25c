"""What is left over is called the cause."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="cause-by-elimination",
    group="reporting",
    summary="the trace calls an operation the cause where its deviation is ten times that of the layer before",
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
    ),
    expect="the law anomaly-without-reference",
)
