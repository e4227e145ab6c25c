"""Far from the start the scores still depend on the distance, as well as float32 angles can tell it.

Hunts for: angles kept in a dtype that cannot count the positions.
Why it matters: bfloat16 has 8 bits, so that positions 257 and 258 get one angle; float16 overflows at 65,504.
How it looks: sound at the lengths of a unit test, and worse with every doubling of the context.
If it strikes, suspect: positions or frequencies cast to the dtype of the activations before they are multiplied.
Blind spots: positions past 32,767; errors that query and key share.
Sources: huggingface/transformers pull request 29285 (rotary angles of Llama forced to float32).
"""

from __future__ import annotations

import numpy as np

from falsifiers.kernels.draw import THETAS, Case, cases
from falsifiers.kernels.rope_relative import scores
from falsifiers.law import one_law

POSITIONS = 32768


def reading(_subject: None, case: Case) -> float:
    """Largest change of a score, in shares of the norms' product, when both move on; `scale` is theta."""
    _, drift = scores(case, POSITIONS)
    return float(np.max(np.abs(drift)))


# An angle of 32,768 radians is rounded by 2^-9 at worst, and one pair of the head has the fastest angle.
FALSIFIER = one_law(
    __doc__, cases((16,), (32,), scale=THETAS, places=256), reading, name=__name__, unit="ratio", tolerance=2e-3
)
