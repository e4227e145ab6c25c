"""The weights that attention gives in the run are the float64 softmax of the same scores.

Hunts for: a softmax on the accelerator over another axis, of scores without their scale or of few bits.
Why it matters: a fused kernel never writes its weights down; they can only be read off what it averages.
How it looks: attention that is sharper or flatter than in any other program with the same weights.
If it strikes, suspect: the scale, the axis, the dtype of the scores; a path that was taken instead of the fused one.
Blind spots: weights far below an even share, of which only the difference counts; the softmax inside the loss.
Sources: Milakov and Gimelshein 2018, arXiv:1805.02867; Dao et al. 2022, arXiv:2205.14135.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from falsifiers import forward
from falsifiers.kernels.trainer import function
from falsifiers.law import Law
from falsifiers.oracles.attention import attention_weights
from falsifiers.subject import SystemSubject

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy


@dataclass(frozen=True, slots=True, kw_only=True)
class Case(forward.Case):
    """The same, and which keys are looked at: a head has fewer entries than a sequence has places."""

    block: int


def cases(subject: SystemSubject) -> SearchStrategy[Case]:
    """Any sequence and layer, any stretch of as many keys as a head has entries."""
    from hypothesis import strategies as st

    blocks = -(-subject.system.context // forward.shape(subject).head_dim)
    return st.builds(
        lambda case, block: Case(**dataclasses.asdict(case), block=block),
        forward.cases(subject),
        st.integers(0, blocks - 1),
    )


def reading(subject: SystemSubject, case: Case) -> float:
    """Largest deviation of a weight from float64, in shares of it or of an even share, whichever is more."""
    seen, window = forward.operations(subject, case), forward.shape(subject).sliding_window
    q, k = seen["q_rope"], seen["k_rope"]
    keys = np.arange(q.shape[1])[case.block * q.shape[-1] :][: q.shape[-1]]
    found = forward.wide(function("model.attend", 3)(q, k, _unit_values(k, keys), window))[0].transpose(1, 0, 2)
    expected = attention_weights(forward.wide(q), forward.wide(k), window)[0][:, :, keys]
    even = 1 / np.minimum(np.arange(q.shape[1]) + 1, window or q.shape[1])[:, None]
    return float(np.max(np.abs(found[..., : len(keys)] - expected) / np.maximum(expected, even)))


def _unit_values(keys: Any, places: Any) -> Any:
    """Values of the shape and dtype of keys [1, t, heads, size], of which each place has an entry of its own."""
    values = np.zeros(keys.shape, keys.dtype)
    values[0, places, :, np.arange(len(places))] = 1
    return values


# A score of 100 is rounded by 8e-6, and by so much its weight; bfloat16 stores a weight twice, 4e-3 each.
LAW = Law(
    name="softmax-live-parity",
    role="claim",
    evidence="system",
    unit="ratio",
    tolerance=1e-4,
    tolerance_bf16=2e-2,
    page=__doc__,
    strategy=cases,
    reading=reading,
)
