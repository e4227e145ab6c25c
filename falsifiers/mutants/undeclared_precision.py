"""Angles, their sines and cosines have the 8 bits of bfloat16."""

from falsifiers.mutants.mutant import Edit, Mutant
from falsifiers.mutants.passages import in_16_bits

MUTANT = Mutant(
    name="undeclared-precision",
    group="precision",
    summary="rotary angles, and in a trace all outputs, are bfloat16 in a model that says float32",
    edits=(
        Edit(
            module="aprtrain.model",
            old="    cos, sin = jnp.cos(angle), jnp.sin(angle)\n",
            new=f"    angle = {in_16_bits('angle')}\n"
            f"    cos, sin = {in_16_bits('jnp.cos(angle)')}, {in_16_bits('jnp.sin(angle)')}\n",
        ),
        Edit(
            module="aprtrain.trace",
            old="        return x\n",
            new=f"        return {in_16_bits('x')}\n",
        ),
    ),
    expect="the laws rope-norm, rope-relative-far and trace-is-innocent",
)
