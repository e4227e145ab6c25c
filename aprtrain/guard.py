"""Divergence: the run is judged by ln V and by its own losses, never by an absolute constant."""

import math
import statistics
from collections.abc import Sequence

CEILING = 1.5
"""Times the loss of a uniform guess, or of step 0 where that is larger."""
SETTLED = 0.1
"""Share of ln V by which a run must have fallen below its step 0 before a relapse is possible."""
RELAPSE = 0.5
"""Share of ln V by which a settled run may rise above its best."""
CEILING_STEPS = 8
RELAPSE_STEPS = 20


def divergence(losses: Sequence[float], grad_norm: float, vocab_size: int) -> str | None:
    """Why the run has diverged after these losses in nats/token, or None.

    Not finite: at once. Above the ceiling: by the median, so that one hard batch aborts nothing.
    Relapse: a run that had settled is back above its step 0 and far above its best, on average.
    A run that starts at ln V, or far above it on text its init never saw, is healthy.
    """
    last = losses[-1]
    if not (math.isfinite(last) and math.isfinite(grad_norm)):
        return f"loss {last} or gradient norm {grad_norm} is not finite"
    uniform = math.log(vocab_size)
    ceiling = CEILING * max(uniform, losses[0])
    if len(losses) > CEILING_STEPS:
        median = statistics.median(losses[-CEILING_STEPS:])
        if median > ceiling:
            return f"the median loss {median:.3f} of {CEILING_STEPS} steps is above {ceiling:.3f} nats/token"
    if len(losses) > 2 * RELAPSE_STEPS:
        recent, best = statistics.fmean(losses[-RELAPSE_STEPS:]), min(losses)
        limit = max(losses[0], best + RELAPSE * uniform)
        if best < losses[0] - SETTLED * uniform and recent > limit:
            return f"the mean loss {recent:.3f} of {RELAPSE_STEPS} steps is back above {limit:.3f} nats/token"
    return None
