"""A matrix of each layer is drawn again after the init was loaded."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="init-after-restore",
    group="loading",
    summary="attention's output matrices are drawn at random after the init was loaded",
    edits=(
        Edit(
            module="aprtrain.init",
            old="    filled = _fill(model, init)\n",
            new="    drawn = {name: np.asarray(leaf) for name, leaf in initial_params(model, seed).items()}\n"
            '    filled = _fill(model, init) | {name: leaf for name, leaf in drawn.items() if name.endswith("wo")}\n',
        ),
    ),
    expect="the tensors before step 0 against the init, by digest; the step-0 loss against the oracle",
)
