"""The norm does not know the scale of its input, once epsilon is scaled with it.

Hunts for: an epsilon in another place than under the root, or of no effect.
Why it matters: epsilon decides what becomes of the small vectors of an embedding; outside the root it is a thousand
times stronger than inside.
How it looks: a loaded model that errs on rare tokens, whose embeddings are small.
If it strikes, suspect: epsilon added to the RMS instead of its square, a clip of the RMS from below, a lost epsilon.
Blind spots: an epsilon of another size; that is another law's.
Sources: the reference code of arXiv:1910.07467 adds epsilon outside the root, Llama's inside; both call it RMSNorm.
"""

from __future__ import annotations

import numpy as np

from falsifiers.kernels.draw import Case, cases
from falsifiers.kernels.trainer import call
from falsifiers.law import one_law

ROWS, EPS = 4, 1e-5


def reading(_subject: None, case: Case) -> float:
    """Largest change of an entry when x is scaled by a and epsilon by a²; 1 if epsilon does nothing at all."""
    [size] = case.shape
    x, a, ones = case.normal(ROWS, size, scale=1.0), np.float32(case.scale), np.ones(size, np.float32)
    plain = call("model.rms_norm", x, ones, EPS)
    scaled = call("model.rms_norm", a * x, ones, float(a) ** 2 * EPS)
    shrunk = call("model.rms_norm", np.float32(0.1) * x, ones, EPS)
    if np.max(np.abs(shrunk - plain)) < 1e-4:
        return 1.0
    return float(np.max(np.abs(scaled - plain)))


# Entries reach about 5, and a dozen roundings of 6e-8 lie between them and the input. Unscaled, epsilon moves the
# entries of 0.1 x by 5e-4 of themselves: the twin that shows that the law can fail.
FALSIFIER = one_law(
    __doc__, cases((8,), (64,), (896,), (8192,), scale=(1e-3, 1e3)), reading, name=__name__, tolerance=1e-5, unit="1"
)
