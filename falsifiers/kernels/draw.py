"""Where the laws of kernels look: few shapes, so that a compiler works once for each, and many numbers."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

Single: TypeAlias = npt.NDArray[np.float32]

THETAS: Final = (1e4, 1e6)
"""Range of the base of rotary frequencies, from Llama 2 to Qwen2.5."""

RATIOS: Final = ((2, 2), (4, 2), (8, 2), (14, 2), (16, 2))
"""Query heads and key/value heads: groups of 1, 2, 4, 7 and 8, two of each, so that tiling and repeating differ."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """The numbers of one attempt."""

    seed: int
    """Seed of the arrays."""
    shape: tuple[int, ...]
    """Sizes, in the order that the law names them."""
    scale: float
    """A magnitude: of the arrays, or of the constant that the law is about."""
    at: int
    """A place, counted modulo the number of places."""

    def normal(self, *shape: int, scale: float | None = None, stream: int = 0) -> Single:
        """A float32 array from N(0, scale²), `scale` being the case's own if none is given; one a stream."""
        rng = np.random.default_rng((self.seed, stream))
        return np.asarray(rng.standard_normal(shape) * (self.scale if scale is None else scale), np.float32)


def cases(
    *shapes: tuple[int, ...], scale: tuple[float, float] = (1.0, 1.0), places: int = 1
) -> Callable[[None], SearchStrategy[Case]]:
    """Cases of these shapes, with scales spread evenly over their logarithms."""
    return functools.partial(_cases, shapes, scale, places)


def _cases(
    shapes: Sequence[tuple[int, ...]], scale: tuple[float, float], places: int, _subject: None
) -> SearchStrategy[Case]:
    from hypothesis import strategies as st

    low, high = (math.log10(one) for one in scale)
    return st.builds(
        Case,
        seed=st.integers(0, 2**32 - 1),
        shape=st.sampled_from(shapes),
        scale=st.floats(low, high).map(lambda power: float(10.0**power)),
        at=st.integers(0, places - 1),
    )
