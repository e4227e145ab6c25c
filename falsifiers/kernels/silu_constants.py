"""The activation has the minimum and the value at 1 that tell silu from its neighbours.

Hunts for: ReLU, GELU or a plain sigmoid in the place of silu.
Why it matters: each of them trains, and each ruins weights that were trained with another.
How it looks: a loaded model that is worse than published at every length alike.
If it strikes, suspect: the field hidden_act that was not read, a default of the library.
Blind spots: approximations that are right to 1e-4.
Sources: Elfwing, Uchibe and Doya 2017, arXiv:1702.03118, section 2.1: the minimum of about -0.28 at -1.28.
"""

from __future__ import annotations

import numpy as np

from falsifiers.kernels.block import silu
from falsifiers.kernels.draw import Case, cases
from falsifiers.law import one_law

COUNT = 256
PLACE, MINIMUM, AT_ONE = -1.2784645, -0.2784645, 0.7310586


def reading(_subject: None, case: Case) -> float:
    """Largest deviation at 1 and at the minimum, or of any other value below it."""
    z = case.normal(COUNT)
    z[:2] = 1, PLACE
    found = silu(z)
    return float(np.max([abs(found[0] - AT_ONE), abs(found[1] - MINIMUM), MINIMUM - np.min(found)]))


# The neighbours miss by at least 0.01 at one of the two places.
FALSIFIER = one_law(__doc__, cases((COUNT,), scale=(0.1, 30)), reading, name=__name__, tolerance=1e-4, unit="1")
