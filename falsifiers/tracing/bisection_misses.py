"""Compared with a system of which one operation is spoilt, bisection names that operation, and none where none is.

Hunts for: an order, a tolerance or a statistic that puts the blame on another operation.
Why it matters: whoever is sent to the wrong line reads sound code for days.
How it looks: a permutation of heads that keeps every mean and deviation, and is found two operations later.
If it strikes, suspect: statistics in place of values, a tolerance in absolute units, and, where the spoilt operation
comes later, the trainer's own arithmetic.
Blind spots: faults below the tolerance; operations that the trace does not show.
Sources: Zeller 1999, "Yesterday, my program worked", ESEC/FSE: the first difference, by bisection.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from falsifiers.kernels.command import shape
from falsifiers.law import one_law
from falsifiers.oracles.decoder import Floats
from falsifiers.oracles.trace import operation_names
from falsifiers.program import weights, workshop
from falsifiers.tracing.saved import bisect, config, definition, ids, model, save

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FEWEST = 5
"""A case is a process of five seconds."""
FIELDS = config(3)
WAYS: dict[str, Callable[[Floats], Floats]] = {
    "larger": lambda x: x * 1.02,
    "turned round": lambda x: x[..., ::-1],
    "one place late": lambda x: np.roll(x, 1, axis=1),
    "noisy": lambda x: x + 0.05 * x.std() * np.random.default_rng(0).standard_normal(x.shape),
}
"""What becomes of an output."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Seed of weights, ids, operation and way; with 0 nothing is spoilt."""

    seed: int


def cases(_subject: None) -> SearchStrategy[Case]:
    """One system without a fault, and several with one each."""
    from hypothesis import strategies as st

    return st.sampled_from([Case(seed=seed) for seed in range(FEWEST + 1)])


def reading(_subject: None, case: Case) -> float:
    """1 where another operation is named than the one that is spoilt in the float64 reference, or none, or any."""
    planted, way = _planted(case.seed)
    tokens = ids(case.seed)

    def spoil(name: str, x: Floats) -> Floats:
        return WAYS[way](x) if name == planted else x

    folder = workshop() / "spoilt-trace"
    shutil.rmtree(folder, ignore_errors=True)
    reference = save(folder, tokens, definition(weights(case.seed, FIELDS), FIELDS, tokens, spoil))
    ran = bisect(f"aprtrain:{model(f'bisected-{case.seed}', case.seed, FIELDS)}", f"trace:{reference}", tokens)
    wanted = f"first divergence: {planted}," if planted else "no divergence"
    return float((ran.status, wanted in ran.out) != (int(bool(planted)), True))


def _planted(seed: int) -> tuple[str, str]:
    if not seed:
        return "", ""
    rng = np.random.default_rng(seed)
    return str(rng.choice(operation_names(shape(FIELDS)))), str(rng.choice(sorted(WAYS)))


FALSIFIER = one_law(__doc__, cases, reading, name=__name__, fewest=FEWEST)
