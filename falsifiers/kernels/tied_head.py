"""In a tied model an embedding row is a row of the head: changing it moves its own logit and no other.

Hunts for: a head of its own in a model that ties, and a head that is multiplied the wrong way round.
Why it matters: an untied head starts at random under trained layers; a square one that is transposed fits every shape.
How it looks: a step-0 loss far above the init's, and one tensor more than the init has.
If it strikes, suspect: the field tie_word_embeddings and its default, the order of the product's axes.
Blind spots: a head that is tied here and apart in a checkpoint.
Sources: Press and Wolf 2016, arXiv:1608.05859; paiml/aprender pull requests 1474 and 1578.
"""

from __future__ import annotations

import numpy as np

from falsifiers.kernels.draw import Case, cases
from falsifiers.kernels.trainer import call, model, parameters
from falsifiers.law import one_law

LENGTH = 12


def reading(_subject: None, case: Case) -> float:
    """Largest deviation of the logits from what adding 1 to a row must do; that row's token is not in the input."""
    [size] = case.shape
    config = model(vocab_size=size, hidden_size=size)
    row = case.at % size
    ids = np.random.default_rng(case.seed).integers(0, size - 1, (2, LENGTH))
    ids = (ids + (ids >= row)).astype(np.int32)
    params = parameters(config, case)
    changed = params | {"embed": params["embed"].copy()}
    changed["embed"][row] += 1
    expected = call("model.logits", params, config, ids, static=(1,))
    expected[..., row] += call("model.forward", params, config, ids, static=(1,)).sum(axis=-1)
    return float(np.max(np.abs(call("model.logits", changed, config, ids, static=(1,)) - expected)))


# Sums of 64 terms below 4, rounded in float32; the other logits keep every bit.
FALSIFIER = one_law(__doc__, cases((16,), (32,), (64,), places=64), reading, name=__name__, tolerance=1e-4, unit="1")
