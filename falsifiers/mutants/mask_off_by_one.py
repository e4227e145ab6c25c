"""Attention sees one later place."""

from falsifiers.mutants.mutant import Mutant
from falsifiers.mutants.passages import faulty

MUTANT = Mutant(
    name="mask-off-by-one",
    group="architecture",
    summary="the causal mask is shifted by one, so that each place sees the next one",
    edits=(faulty("jnp.tril(jnp.ones((length, length), bool))", "jnp.tril(jnp.ones((length, length), bool), 1)"),),
    expect="the laws causality and gqa-causality",
)
