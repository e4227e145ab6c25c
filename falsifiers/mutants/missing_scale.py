"""Scores are not divided by the root of the head's size."""

from falsifiers.mutants.mutant import Mutant
from falsifiers.mutants.passages import faulty

MUTANT = Mutant(
    name="missing-scale",
    group="architecture",
    summary="attention's scores lack their scale",
    edits=(faulty(" / jnp.sqrt(size)\n", "\n"),),
    expect="the law gqa-repeated-heads",
)
