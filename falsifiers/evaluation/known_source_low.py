"""No loss is below the entropy of its source.

Hunts for: a loss that no predictor can have: targets that are seen before they are predicted, or a number that shrank.
Why it matters: a leak makes a run look better than any honest one, and every bound of the kind "less than" passes it.
How it looks: the loss of held-out text lies below what an ideal predictor pays on the very same tokens.
If it strikes, suspect: the attention mask, the shift of the targets, the divisor of the mean, the unit.
Blind spots: a leak that the model has not learned to use; what costs as much as the leak saves.
Sources: Gibbs' inequality; karpathy/nanochat issue 844: 0.0018 bits per byte by a causal leak.
"""

from __future__ import annotations

from falsifiers.evaluation.known_source import Case, cases, costs
from falsifiers.law import one_law

FEWEST = 5
"""A case is a training of several seconds."""
STANDARD_ERRORS = 4


def reading(_subject: None, case: Case) -> float:
    """How far a chain's documents cost less than its entropy, beyond 4 standard errors of the difference."""
    return max(-found.mean - STANDARD_ERRORS * found.standard_error for found in costs(case))


FALSIFIER = one_law(__doc__, cases, reading, name=__name__, unit="nats/token", fewest=FEWEST)
