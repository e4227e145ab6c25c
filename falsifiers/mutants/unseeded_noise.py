"""A source of randomness that no seed decides."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="unseeded-noise",
    group="device",
    summary="every gradient is scaled by a factor about 1 that is drawn anew at each computation",
    edits=(
        Edit(
            module="aprtrain.step",
            old="    return loss, {name: leaf.astype(params[name].dtype) for name, leaf in gradients.items()}\n",
            new="    import random\n\n    import numpy\n"
            "    of = jax.ShapeDtypeStruct((), jnp.float32)\n"
            "    noise = jax.pure_callback(lambda: numpy.float32(random.uniform(0.999, 1.001)), of)\n"
            "    return loss, {name: (leaf * noise).astype(params[name].dtype) for name, leaf in gradients.items()}\n",
        ),
    ),
    expect="the law duplicate-step",
)
