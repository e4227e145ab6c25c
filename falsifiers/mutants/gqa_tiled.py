"""Key/value heads are tiled: query head n reads head n mod kv."""

from falsifiers.mutants.mutant import Mutant
from falsifiers.mutants.passages import faulty

MUTANT = Mutant(
    name="gqa-tiled",
    group="loading",
    summary="key/value heads are tiled instead of repeated",
    edits=(
        faulty(
            "(jnp.repeat(y, heads // y.shape[2], axis=2) for y in (k, v))",
            "(jnp.tile(y, (1, 1, heads // y.shape[2], 1)) for y in (k, v))",
        ),
    ),
    expect="the laws gqa-repeated-heads and gqa-head-map",
)
