"""Entry i of a head turns with entry i + d/2 and with no other.

Hunts for: neighbours (2i, 2i + 1) turned as pairs, where the weights were trained with halves.
Why it matters: both conventions are sound models, so norms, scores and training hide the mix-up; only weights from
elsewhere are spoilt by it, by a few per cent of perplexity.
How it looks: a loaded checkpoint is a little worse than published, and the more so the longer the context.
If it strikes, suspect: the split of the last axis, a reshape to pairs, an import that permutes rows for another code.
Blind spots: the sign and the size of the angle; position 0, where nothing turns.
Sources: paiml/aprender issue 2252 (interleaved pairs in a function named for the halves); the rotate_half of
transformers' modeling_llama.
"""

from __future__ import annotations

import numpy as np

from falsifiers.kernels.draw import THETAS, Case, cases
from falsifiers.kernels.trainer import call
from falsifiers.law import one_law

POSITIONS_AND_SIZE = ((4096, 8), (1024, 64), (256, 128))


def reading(_subject: None, case: Case) -> float:
    """Largest magnitude outside entries i and i + d/2, from a vector with entry i alone; `scale` is theta."""
    positions, size = case.shape
    place = (case.seed + case.at) % (size // 2)
    heads = np.zeros((2, size), np.float32)
    heads[0, place] = heads[1, place + size // 2] = case.normal(1, scale=1.0)[0]
    turned = call("model.rotate", np.tile(heads, (1, positions, 1, 1)), case.scale)
    turned[..., [place, place + size // 2]] = 0
    return float(np.max(np.abs(turned)))


# Zeros times anything finite are zeros.
FALSIFIER = one_law(__doc__, cases(*POSITIONS_AND_SIZE, scale=THETAS, places=64), reading, name=__name__, unit="1")
