"""Attention falls back to a kernel that computes in eight bits."""

from falsifiers.mutants.mutant import Mutant
from falsifiers.mutants.passages import faulty

MUTANT = Mutant(
    name="fallback-kernel",
    group="device",
    summary="attention runs by a kernel whose scores have eight bits, and nothing says so",
    edits=(
        faulty(
            "    weights = jax.nn.softmax(scores, axis=-1)\n",
            "    scores = jax.lax.reduce_precision(scores, exponent_bits=5, mantissa_bits=2)\n"
            "    weights = jax.nn.softmax(scores, axis=-1)\n",
        ),
    ),
    expect="the law bisection-false-alarms",
)
