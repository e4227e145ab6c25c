"""Every row of a training batch stands in the train split where no held-out document lies.

Hunts for: held-out text that is trained on.
Why it matters: a model that has read what it is scored on recites, and the loss says nothing about other text.
How it looks: a held-out loss that falls as fast as the training loss, and keeps falling.
If it strikes, suspect: splits made before duplicates were dropped, an iterator that sets its first batches aside and
meets them again when it wraps around, shards of two corpora in one folder.
Blind spots: copies whose text differs by a byte; text that the init has read.
Sources: paiml/aprender pull request 1744 (a validation set taken from the training iterator); Lee et al. 2021,
arXiv:2107.06499.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from falsifiers.law import Law
from falsifiers.laws.window_from_corpus import Case, cases
from falsifiers.oracles.shards import occurs

if TYPE_CHECKING:
    from falsifiers.subject import SystemSubject


def reading(subject: SystemSubject, case: Case) -> float:
    """1 where the row is found in no document that belongs to the train split alone."""
    window = np.asarray(subject.system.window(case.step))
    return 0.0 if occurs(subject.apart, window[case.row % len(window)]) else 1.0


LAW = Law(
    name="held-out-window-trained",
    role="claim",
    evidence="system",
    unit="1",
    tolerance=0.0,
    page=__doc__,
    strategy=cases,
    reading=reading,
)
