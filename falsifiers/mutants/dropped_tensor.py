"""A tensor that the file lacks is zero in the model, and nobody says so."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="dropped-tensor",
    group="loading",
    summary="a tensor that the init lacks keeps the zeros with which the model was allocated",
    edits=(
        Edit(
            module="aprtrain.init",
            old="    if lines:\n",
            new='    if [line for line in lines if not line.endswith("not found")]:\n',
        ),
        Edit(
            module="aprtrain.init",
            old="np.full(leaf.shape, np.nan, ",
            new="np.full(leaf.shape, 0, ",
        ),
        Edit(
            module="aprtrain.init",
            old="        np.copyto(array, init.params[name])\n",
            new="        np.copyto(array, init.params.get(name, array))\n",
        ),
        Edit(
            module="aprtrain.init",
            old='rows[origin[name]]["dtype"]',
            new='rows.get(origin[name], row)["dtype"]',
        ),
    ),
    expect="the laws poisoned-load and degenerate-tensors",
)
