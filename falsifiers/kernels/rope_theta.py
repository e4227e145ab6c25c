"""Models of different theta that one process looks at turn by their own angles.

Hunts for: a table or a compiled kernel that was made for another theta.
Why it matters: theta is a number of the checkpoint; with another one the scores are wrong at every distance but 0.
How it looks: the second model that a process loads is worse than the same model alone.
If it strikes, suspect: the key of a cache, a table kept in a module, a default of 10,000.
Blind spots: caches that outlive the process; scaled frequencies; keys, which the same table turns.
Sources: Su et al. 2021, arXiv:2104.09864, section 3.2.2: theta is 10,000 there and 1,000,000 in Qwen2.5.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from falsifiers.kernels.opened import operations
from falsifiers.law import one_law
from falsifiers.program import CONFIG, weights, workshop, write_model

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

THETAS = (1e4, 5e4, 1e5, 2.5e5, 5e5, 1e6)
WIDE = 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Theta of the first model and of the second, and the position that is looked at."""

    theta: float
    other: float
    position: int


def cases(_subject: None) -> SearchStrategy[Case]:
    """Each theta after each other one, at positions where the two angles differ."""
    from hypothesis import strategies as st

    pairs = [(one, two) for one in THETAS for two in THETAS if one != two]
    return st.builds(
        lambda pair, position: Case(theta=pair[0], other=pair[1], position=position),
        st.sampled_from(pairs),
        st.sampled_from([40, 63]),
    )


def reading(_subject: None, case: Case) -> float:
    """Distance of the shift of the mean, in deviations of the reference, from that of the float64 rotation.

    A query is its bias, with one large entry in the pair that turns a radian a position under any theta, and entries
    of 1 in the other.
    """
    ids = range(case.position + 1)
    one, two = (operations(_model(theta), ids)["layers.0.q_rope"][0, -1] for theta in (case.theta, case.other))
    here, there = (_turned(theta, case.position) for theta in (case.theta, case.other))
    return float(abs(one.mean() - two.mean() - here.mean() + there.mean()) / there.std())


def _turned(theta: float, position: int) -> np.ndarray:
    """A query of the model at a position: pairs are the entries (0, 2) and (1, 3) of a head of 4."""
    wide, narrow = position, position / np.sqrt(theta)
    return np.array([WIDE * np.cos(wide), np.cos(narrow), WIDE * np.sin(wide), np.sin(narrow)])


def _model(theta: float) -> Path:
    tensors = weights(0)
    query = "model.layers.0.self_attn.q_proj"
    tensors[f"{query}.weight"] = np.zeros_like(tensors[f"{query}.weight"])
    tensors[f"{query}.bias"] = np.tile(np.array([WIDE, 1, 0, 0], np.float32), 4)
    folder = workshop() / f"theta-{theta}"
    return folder if folder.exists() else write_model(folder, tensors, {**CONFIG, "rope_theta": theta})


# float32 rounds the mean of entries of 100 by 1e-7 of their deviation.
FALSIFIER = one_law(__doc__, cases, reading, name=__name__, unit="1", tolerance=1e-5)
