"""Two sound systems part at no operation: the trainer's float32 and the definition's float64.

Hunts for: an operation in a precision or by a kernel that the record does not name; a tolerance that rounding breaks.
Why it matters: an alarm on a sound model sends people after nothing; after three of them nobody reads the fourth.
How it looks: a distance that grows with the depth, or that is there at long distances between tokens alone.
If it strikes, suspect: angles or sums in 16 bits, a fallback that was chosen without a word, a distance by entries.
Blind spots: two devices; dtypes other than float32.
Sources: Higham 2002, "Accuracy and Stability of Numerical Algorithms", sections 3.1 and 3.5.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from falsifiers.kernels.draw import Case, cases
from falsifiers.kernels.trainer import find, model, parameters
from falsifiers.law import one_law
from falsifiers.oracles.decoder import Floats, as_float64
from falsifiers.oracles.expected import shape_of
from falsifiers.oracles.trace import operations
from falsifiers.rounding import disturbance

DISTURBED = 3
"""Runs of the definition whose outputs are disturbed by what float32 may do to them."""
SHAPES = ((1, 4, 4), (1, 4, 1), (2, 8, 2))
"""Layers, query heads, key/value heads."""
LENGTH = 64
DTYPES = ("float32", "float64")


def reading(_subject: None, case: Case) -> float:
    """Operations whose output is further from the float64 one than rounding takes the latter."""
    layers, heads, shared = case.shape
    config = model(num_layers=layers, num_heads=heads, num_kv_heads=shared, qkv_bias=True)
    weights = parameters(config, case, std=case.scale)
    tokens = np.random.default_rng(case.seed).integers(0, config.vocab_size, (1, LENGTH)).astype(np.int32)
    heard: dict[str, Floats] = {}
    find("trace.listen")(weights, config, tokens, lambda name, x: heard.update({name: np.asarray(x, np.float64)}))
    definition = partial(operations, as_float64(weights), shape_of(config.to_json()), tokens)
    wanted, disturbed = definition(), [definition(disturbance(seed, DTYPES)) for seed in range(DISTURBED)]
    budgets = {name: max(_distance(one[name], x) for one in disturbed) for name, x in wanted.items()}
    return float(sum(not _distance(heard[name], x) <= budgets[name] for name, x in wanted.items()))


def _distance(found: Floats, wanted: Floats) -> float:
    """Where the definition has a score that attention does not see, what was found there does not count."""
    return float(np.linalg.norm(np.where(wanted == 0, 0, found - wanted)) / np.linalg.norm(wanted))


FALSIFIER = one_law(__doc__, cases(*SHAPES, scale=(0.1, 0.4)), reading, name=__name__)
