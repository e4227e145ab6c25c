"""What rounding does to a model: each output disturbed as much as its operation may err, and the rest computed from it.

The budget of a comparison is derived from this, not typed: a system is run again with such disturbances, and what
becomes of them further down is how far two sound systems may part there. An ill-conditioned place widens its own
budget, and no other.

An operation that sums over n products in a dtype with unit roundoff u errs by about sqrt(n) u of the norm of its
output, and by u each time that a number is stored. Turning by an angle errs by that of the angle, p u at position p.

Sources: Higham and Mary 2019, "A new approach to probabilistic rounding error analysis", SIAM J. Sci. Comput. 41(5),
for sqrt(n); Parker 1997, "Monte Carlo arithmetic", UCLA CSD-970002, and Vignes 1993, "A stochastic arithmetic for
reliable scientific computation", for disturbing a program by its own rounding.
Departs: one disturbance an operation, not one an instruction.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np

UNIT: Final = {"float64": 2.0**-53, "float32": 2.0**-24, "bfloat16": 2.0**-8}
"""Unit roundoff."""
SUMMED_IN: Final = {"float64": "float64", "float32": "float32", "bfloat16": "float32"}
"""The dtype in which products are added up."""
STORED: Final = 3
"""Times that one operation stores a number at most: an operand, an inner result, the output."""
TURNED: Final = ("q_rope", "k_rope")


def disturbance(seed: int, dtypes: Sequence[str]) -> Callable[[str, Any], Any]:
    """Adds to each output [1, t, ...] what systems computing in these dtypes may err there, drawn with the seed.

    The number of products is the width of the widest output so far: no operation sums over more.
    """
    rng, widest = np.random.default_rng(seed), 1

    def alter(name: str, x: Any) -> Any:
        nonlocal widest
        wide = np.asarray(x).astype(np.float64)
        places = np.arange(wide.shape[1]) if name.endswith(TURNED) else np.zeros(wide.shape[1])
        error = np.sqrt(sum(_variance(dtype, widest, places) for dtype in dtypes))
        size = np.sqrt(np.mean(wide * wide, axis=-1, keepdims=True))
        widest = max(widest, wide.shape[-1])
        return wide + size * error.reshape(-1, *[1] * (wide.ndim - 2)) * rng.standard_normal(wide.shape)

    return alter


def _variance(dtype: str, products: int, places: Any) -> Any:
    """Of the error of an operation relative to the norm of its output, at each place."""
    stored, summed = UNIT[dtype], UNIT[SUMMED_IN[dtype]]
    return STORED * stored**2 + products * summed**2 + (places * summed) ** 2
