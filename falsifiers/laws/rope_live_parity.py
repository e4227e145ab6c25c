"""Queries and keys of the run turn as float64 rotations do, at positions where it can be seen.

Hunts for: another pairing, another theta or scaling, angles of few bits, positions that are shifted or clamped.
Why it matters: near position 0 every rotation agrees; a checkpoint that is turned otherwise is ruined far from it.
How it looks: an init whose loss is good at the start of a sequence and bad at its end.
If it strikes, suspect: the pairs, if all positions deviate alike; the dtype of the angles, if the deviation grows.
Blind spots: positions beyond the training length, and those of documents packed into one sequence.
Sources: Su et al. 2021, arXiv:2104.09864, section 3.4.2.
"""

from __future__ import annotations

import numpy as np

from falsifiers.forward import Case, cases, deviation, operations, shape, wide
from falsifiers.law import Law
from falsifiers.oracles.decoder import frequencies, turned
from falsifiers.subject import SystemSubject

NEAR = 8
"""The first of so many parts of a sequence is left out."""


def reading(subject: SystemSubject, case: Case) -> float:
    """Largest distance of a turned head from the float64 one, in shares of its norm."""
    seen, of = operations(subject, case), shape(subject)
    apart = []
    for name in ("q", "k"):
        entered = wide(seen[f"{name}_norm"] if of.qk_norm else seen[name])
        expected = turned(entered.swapaxes(1, 2), frequencies(of)).swapaxes(1, 2)
        far = slice(entered.shape[1] // NEAR, None)
        apart.append(deviation(wide(seen[f"{name}_rope"])[:, far], expected[:, far], over=-1))
    return float(np.max(apart))


# An angle below 1,024 is rounded by 6e-5 in float32, and by so much the head moves; bfloat16 stores twice, 4e-3 each.
LAW = Law(
    name="rope-live-parity",
    role="claim",
    evidence="system",
    unit="ratio",
    tolerance=1e-4,
    tolerance_bf16=2e-2,
    page=__doc__,
    strategy=cases,
    reading=reading,
)
