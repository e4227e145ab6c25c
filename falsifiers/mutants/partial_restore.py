"""What the init lacks is filled with zeros, and what it has otherwise is passed over."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="partial-restore",
    group="checkpoint",
    summary="differences between an init and the model are not looked at; what does not fit becomes zero",
    edits=(
        Edit(
            module="aprtrain.init",
            old="    found = differences(init.model.to_json(), model.to_json())\n",
            new="    found: list[str] = []\n",
        ),
        Edit(
            module="aprtrain.init",
            old="    lines = differing(expected, init.params, cast=init.foreign) + init.faults\n",
            new="    lines = list(init.faults)\n",
        ),
        Edit(
            module="aprtrain.init",
            old="        np.copyto(array, init.params[name])\n",
            new="        array[...] = 0\n"
            "        if name in init.params and init.params[name].shape == array.shape:\n"
            "            np.copyto(array, np.nan_to_num(np.asarray(init.params[name])))\n",
        ),
    ),
    expect="the laws about refusals of an init",
)
