"""No query sees its own key, and the mask is a large negative number."""

from falsifiers.mutants.mutant import Mutant
from falsifiers.mutants.passages import faulty

MUTANT = Mutant(
    name="empty-attention-row",
    group="architecture",
    summary="the first query has no key left, and a mask of -1e30 makes its row uniform over later ones",
    edits=(
        faulty(
            "    visible = jnp.tril(jnp.ones((length, length), bool))\n"
            "    scores = jnp.where(visible, scores, -jnp.inf)\n",
            "    visible = jnp.tril(jnp.ones((length, length), bool), k=-1)\n"
            "    scores = jnp.where(visible, scores, -1e30)\n",
        ),
    ),
    expect="the laws softmax-masked-weight and softmax-empty-row",
)
