"""The score of a query and a key depends on how far they are apart, and it does depend on it.

Hunts for: positions that are absolute, clamped, or not applied.
Why it matters: a model without positions reached a lower loss than the sound one in a short training run; no loss tells
it apart.
How it looks: word order does not matter, or stops to matter beyond some length.
If it strikes, suspect: query and key turned by different tables, a table that ends, a rotation that is skipped.
Blind spots: every rotation whose angle is proportional to the position obeys, with whatever theta and pairing.
Sources: Su et al. 2021, arXiv:2104.09864, equation 11.
"""

from __future__ import annotations

import numpy as np

from falsifiers.kernels.draw import THETAS, Case, cases
from falsifiers.kernels.trainer import call
from falsifiers.law import one_law

DISTANCES, MOVES = 256, 1024
VISIBLE = 1e-3
"""Share of the norms' product by which scores at different distances must differ somewhere."""


def scores(case: Case, positions: int) -> tuple[np.ndarray, np.ndarray]:
    """Scores of one query and one key put at every position, in shares of their norms' product.

    First of the query at 0, 1, … with the key at 0; then the change of one score as both move on.
    """
    query, key = (
        call("model.rotate", np.tile(x, (1, positions, 1, 1)), case.scale)[0, :, 0] / np.linalg.norm(x)
        for x in (case.normal(*case.shape, scale=1.0, stream=stream) for stream in (0, 1))
    )
    distance = case.at % DISTANCES
    moved = np.einsum("td,td->t", query[distance:], key[: positions - distance])
    return query[:DISTANCES] @ key[0], moved - moved[0]


def reading(_subject: None, case: Case) -> float:
    """Largest change of a score when both move on; 1 if the distance changes nothing. `scale` is theta."""
    by_distance, drift = scores(case, DISTANCES + MOVES)
    return 1.0 if np.ptp(by_distance) < VISIBLE else float(np.max(np.abs(drift)))


# An angle below 2,048 is rounded by 2^-14 at worst; over the pairs of a head such errors mostly cancel.
FALSIFIER = one_law(
    __doc__, cases((8,), (64,), (128,), scale=THETAS, places=256), reading, name=__name__, unit="ratio", tolerance=1e-5
)
