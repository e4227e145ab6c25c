"""Shapes that should not meet are broadcast: one weight for all entries, one key/value head for all queries."""

from falsifiers.mutants.mutant import Edit, Mutant
from falsifiers.mutants.passages import faulty

MUTANT = Mutant(
    name="silent-broadcast",
    group="architecture",
    summary="one entry of a norm's weight, and one key/value head, serve all; head counts need not divide",
    edits=(
        Edit(module="aprtrain.model", old="(normed * scale)", new="(normed * scale[..., :1])"),
        faulty(
            "    k, v = (jnp.repeat(y, heads // y.shape[2], axis=2) for y in (k, v))\n",
            "    k, v = (jnp.repeat(y[:, :, :1], heads, axis=2) for y in (k, v))\n",
        ),
        Edit(
            module="aprtrain.config",
            old="        if self.num_heads % self.num_kv_heads:\n",
            new="        if False:\n",
        ),
    ),
    expect="the laws rmsnorm-weight, gqa-head-map and gqa-divisibility",
)
