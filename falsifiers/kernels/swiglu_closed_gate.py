"""A gate of zeros closes the block: its output is 0, whatever the other branch holds.

Hunts for: a bias in the gate, a skip within the block, an activation that is not 0 at 0.
Why it matters: such an addition has no name in the checkpoint; it changes every layer and no list of tensors.
How it looks: a small constant error at every position of a loaded model.
If it strikes, suspect: a bias of another architecture, a residual added twice, a sigmoid for silu.
Blind spots: anything that is 0 where the gate is.
Sources: Shazeer 2020, arXiv:2002.05202, equation 5, which omits all biases.
"""

from __future__ import annotations

import numpy as np

from falsifiers.kernels.block import swiglu
from falsifiers.kernels.draw import Case, cases
from falsifiers.law import one_law

TOKENS = 8


def reading(_subject: None, case: Case) -> float:
    """Largest output under a closed gate."""
    width, inner = case.shape
    x, up = case.normal(TOKENS, width), case.normal(width, inner, stream=1)
    down = case.normal(inner, width, stream=2)
    return float(np.max(np.abs(swiglu(x, np.zeros_like(up), up, down))))


# silu(0) is 0, and 0 times anything finite is.
FALSIFIER = one_law(__doc__, cases((4, 16), (16, 48), (64, 176), scale=(1e-2, 1e3)), reading, name=__name__, unit="1")
