"""The weights that are carried from step to step have 16 bits."""

from falsifiers.mutants.mutant import Edit, Mutant
from falsifiers.mutants.passages import in_16_bits

MUTANT = Mutant(
    name="swallowed-updates",
    group="precision",
    summary="the masters are rounded to bfloat16 after every step, which takes small updates away",
    edits=(
        Edit(
            module="aprtrain.step",
            old='"params": optax.apply_updates(params, updates),',
            new=f'"params": {{n: {in_16_bits("p")} for n, p in optax.apply_updates(params, updates).items()}},',
        ),
    ),
    expect="the law adamw-unmoved-share",
)
