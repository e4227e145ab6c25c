"""A constant added to a whole row of logits changes no probability.

Hunts for: an exponential that is taken before the row's maximum is subtracted, or after another row's was.
Why it matters: nothing keeps logits near 0 during training, and only differences of logits mean anything.
How it looks: runs that turn to NaN, or to a uniform prediction, once the logits have drifted.
If it strikes, suspect: the axis of the maximum, a second path that skips the subtraction, a term on the logits' size.
Blind spots: shifts above 64 in the loss, whose log-sum-exp is rounded to the size of the shift.
Sources: Blanchard, Higham and Higham 2021, IMA J. Numer. Anal. 41(4), section 4: the shifted formula.
"""

from __future__ import annotations

import numpy as np

from falsifiers.kernels.draw import Case, cases
from falsifiers.kernels.readout import SIZE, of_attention, of_the_loss
from falsifiers.law import one_law

GRID = 1024
ROWS = 4


def reading(_subject: None, case: Case) -> float:
    """Largest change of a probability where every other row is shifted: by `at`, in the loss by a sixteenth of it."""
    [length] = case.shape
    rows = np.round(np.clip(case.normal(ROWS, length), -16, 16) * GRID) / GRID
    shift = (np.arange(ROWS) % 2)[:, None] * (case.at - GRID)
    targets = np.arange(ROWS) % length
    base, shifted, moved = (np.asarray(x, np.float32) for x in (rows, rows + shift, rows + np.round(shift / 16)))
    attention = np.asarray(of_attention(shifted[:, :SIZE]) - of_attention(base[:, :SIZE]))
    loss = np.asarray(of_the_loss(moved, targets) - of_the_loss(base, targets))
    return float(np.max([np.max(np.abs(attention)), np.max(np.abs(loss))]))


# Rows on a grid of 1/1024 stay exact under whole shifts up to 1,024; a log-sum-exp below 128 is rounded by 3.8e-6.
FALSIFIER = one_law(
    __doc__,
    cases((2,), (64,), (5000,), scale=(0.1, 8), places=2 * GRID + 1),
    reading,
    name=__name__,
    tolerance=1e-5,
    unit="1",
)
