"""Dropout is on wherever the forward pass runs, under a key of its own each time."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="dropout-in-eval",
    group="architecture",
    summary="a tenth of the last hidden states is dropped, others each time that the forward pass is made",
    edits=(
        Edit(
            module="aprtrain.model",
            old='    return tap("", "norm", ',
            new="    import time\n"
            "\n"
            "    kept = jax.random.bernoulli(jax.random.key(time.time_ns() % 2**31), 0.9, x.shape)\n"
            "    x = jnp.where(kept, x / 0.9, 0)\n"
            '    return tap("", "norm", ',
        ),
    ),
    expect="the law trace-is-innocent",
)
