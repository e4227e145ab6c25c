"""AdamW in float64, written out: one norm over everything clips, decay does not pass through the moments.

Sources: Kingma and Ba 2014, arXiv:1412.6980, algorithm 1; Loshchilov and Hutter 2017, arXiv:1711.05101, algorithm 2;
Pascanu, Mikolov and Bengio 2012, arXiv:1211.5063, algorithm 1, for the clip.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from falsifiers.oracles.decoder import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The constants of a run; the learning rate does not change."""

    learning_rate: float
    beta1: float
    beta2: float
    epsilon: float
    weight_decay: float
    clip_norm: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """Parameters and moments by name."""

    parameters: dict[str, Floats]
    first: dict[str, Floats]
    second: dict[str, Floats]


def adamw(
    settings: Settings,
    parameters: Mapping[str, npt.ArrayLike],
    gradients: Sequence[Mapping[str, npt.ArrayLike]],
    decayed: Collection[str],
) -> Reached:
    """Where the gradients of consecutive steps lead from zero moments; only the named parameters are decayed."""
    reached = Reached(parameters={}, first={}, second={})
    clipped = [_clipped(one, settings.clip_norm) for one in gradients]
    for name, start in parameters.items():
        p = np.asarray(start, np.float64)
        m, v = np.zeros_like(p), np.zeros_like(p)
        for step, slopes in enumerate(clipped, start=1):
            m = settings.beta1 * m + (1 - settings.beta1) * slopes[name]
            v = settings.beta2 * v + (1 - settings.beta2) * slopes[name] ** 2
            mean, square = m / (1 - settings.beta1**step), v / (1 - settings.beta2**step)
            decay = settings.weight_decay * p if name in decayed else 0.0
            p = p - settings.learning_rate * (mean / (np.sqrt(square) + settings.epsilon) + decay)
        reached.parameters[name], reached.first[name], reached.second[name] = p, m, v
    return reached


def _clipped(gradients: Mapping[str, npt.ArrayLike], most: float) -> dict[str, Floats]:
    wide = {name: np.asarray(g, np.float64) for name, g in gradients.items()}
    norm = float(np.sqrt(sum(np.sum(g**2) for g in wide.values())))
    return {name: g * (most / norm) for name, g in wide.items()} if norm > most else wide
