"""Rotary positions in float64: the two halves of a head are the parts of complex numbers, turned by position and theta.

Source: Su et al. 2021, arXiv:2104.09864, section 3.2.1, in the half-split pairing.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from falsifiers.oracles.decoder import Floats


def rotated(x: npt.ArrayLike, theta: float) -> Floats:
    """X [b, t, heads, size] after the rotation, positions counted from 0."""
    first, second = np.split(np.asarray(x, np.float64), 2, axis=-1)
    half = first.shape[-1]
    angle = np.arange(first.shape[1])[:, None, None] * theta ** (-np.arange(half) / half)
    turned = (first + 1j * second) * np.exp(1j * angle)
    return np.concatenate([turned.real, turned.imag], axis=-1)
