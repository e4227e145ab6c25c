"""Matrices are decayed; norms and biases are not.

Hunts for: a parameter that fell through the rule which names what is spared, or one that is spared by chance.
Why it matters: a decayed norm pulls every activation of its layer towards 0, at a rate that nobody chose.
How it looks: norms that shrink over a long run, all alike.
If it strikes, suspect: a new parameter's name, a rule by suffix, a mask over another tree than the parameters'.
Blind spots: how strong the decay is.
Sources: Loshchilov and Hutter 2017, arXiv:1711.05101; karpathy/nanoGPT decays parameters of two dimensions or more.
"""

from __future__ import annotations

import numpy as np

from falsifiers.kernels.draw import Case, cases
from falsifiers.kernels.optimizer import settings, update
from falsifiers.kernels.trainer import model, parameters
from falsifiers.law import one_law


def reading(_subject: None, case: Case) -> float:
    """Number of parameters that moved under gradients of zero and should not have, or the reverse."""
    tied, biased, normed = (bool(one) for one in case.shape)
    params = parameters(model(tie_word_embeddings=tied, qkv_bias=biased, qk_norm=normed), case)
    start, apply = update(settings(0, weight_decay=0.1))
    zeros = {name: np.zeros_like(array) for name, array in params.items()}
    found, _ = apply(zeros, start(params), params)
    moved = {name for name, array in params.items() if np.any(np.asarray(found[name]) != array)}
    return float(len(moved ^ {name for name, array in params.items() if array.ndim > 1}))


FALSIFIER = one_law(__doc__, cases((1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 1)), reading, name=__name__, unit="tensors")
