"""Every token counts twice in the rate."""

from falsifiers.mutants.mutant import Edit, Mutant

MUTANT = Mutant(
    name="tokens-counted-twice",
    group="reporting",
    summary="the rate of a step counts its tokens as inputs and again as targets",
    edits=(
        Edit(
            module="aprtrain.journal",
            old='"tokens_per_s": tokens / max(seconds, 1e-9)',
            new='"tokens_per_s": 2 * tokens / max(seconds, 1e-9)',
        ),
    ),
    expect="the law rate-recomputed",
)
