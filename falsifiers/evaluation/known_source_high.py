"""A sound pipeline comes near the entropy of its source.

Hunts for: a pipeline that cannot learn what is there to be learned, or an evaluator that reads too much.
Why it matters: a gate that only asks for a low number is passed by a leak, one with two sides is not; and a trainer
that cannot learn two Markov chains in 400 steps fails for reasons that no larger run will show.
How it looks: held-out text costs clearly more than an ideal predictor pays; for one chain only where positions or
attention are broken, since the other one needs neither.
If it strikes, suspect: an update that is not applied, positions, a branch that is cut off, targets shifted twice.
Blind spots: what costs less than the allowance; scale, precision and data of a real run.
Sources: Cover and Thomas 2006, theorem 5.4.3; the allowance is about twice what sound trainings need.
"""

from __future__ import annotations

from falsifiers.evaluation.known_source import Case, cases, costs
from falsifiers.law import one_law

FEWEST = 5
"""A case is a training of several seconds."""
ALLOWANCE = 0.15


def reading(_subject: None, case: Case) -> float:
    """How much more than its entropy a chain's documents cost."""
    return max(found.mean for found in costs(case))


FALSIFIER = one_law(__doc__, cases, reading, name=__name__, unit="nats/token", tolerance=ALLOWANCE, fewest=FEWEST)
