"""The q, k and v biases of the init are not loaded, and the model runs without them.

The story's 72 missing tensors: a load that ignores names it does not know.
"""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="dropped-bias",
    group="loading",
    summary="the q, k and v biases of the init are ignored at load, and the model has none",
    edits=(
        Edit(
            module="aprtrain.model",
            old="        if config.qkv_bias:\n            self.bq",
            new="        if False:\n            self.bq",
        ),
        Edit(
            module="aprtrain.model",
            old='w["bv"]) if config.qkv_bias else ',
            new='w["bv"]) if "bq" in w else ',
        ),
        Edit(
            module="aprtrain.init",
            old="    lines = differing(expected, init.params, ",
            new="    lines = differing(expected, {n: a for n, a in init.params.items() if n in expected}, ",
        ),
    ),
    expect="the two-sided set of tensor names; where the biases matter, the step-0 loss against the oracle's",
)
