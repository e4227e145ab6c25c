"""The evaluator keeps the weights of its first call."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="stale-weights-evaluated",
    group="evaluation",
    summary="the weights of the first evaluation of a process are copied, and every later one reads the copy",
    edits=(
        Edit(
            module="aprtrain.evaluate",
            old="@partial(jax.jit, static_argnums=1)\ndef _window_nats(",
            new="_first: Params = {}\n\n\n@partial(jax.jit, static_argnums=1)\ndef _window_nats(",
        ),
        Edit(
            module="aprtrain.evaluate",
            old="    rows = max(1, min(1 << (len(inputs) - 1)",
            new="    params = _first or _first.update({name: np.array(x) for name, x in params.items()}) or params\n"
            "    rows = max(1, min(1 << (len(inputs) - 1)",
        ),
    ),
    expect="random weights, dose response, and the reported loss against the oracle's",
)
