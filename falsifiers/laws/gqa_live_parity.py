"""Attention as the run computes it, forward and backward, is the float64 attention of the same numbers.

Hunts for: another kernel on the accelerator than on paper: tiled heads, a mask that is not causal, scores of few bits.
Why it matters: laws of functions are tried on a processor in float32; what a run executes is chosen by shape and dtype.
How it looks: a run that trains, and whose weights are worse in every other program.
If it strikes, suspect: the fused kernel's layout of heads, its mask, its scale; the path that was taken instead of it.
Blind spots: masks between documents; kernels that a step of several devices takes.
Sources: Dao et al. 2022, arXiv:2205.14135; Ainslie et al. 2023, arXiv:2305.13245, section 2.2.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from falsifiers.forward import Case, cases, deviation, operations, shape, wide
from falsifiers.kernels.trainer import find
from falsifiers.law import Law
from falsifiers.oracles.attention import attention, attention_gradients
from falsifiers.subject import SystemSubject


def reading(subject: SystemSubject, case: Case) -> float:
    """Largest distance of the output and of three gradients from float64, in shares of their norms."""
    seen, window = operations(subject, case), shape(subject).sliding_window
    given = [seen[name] for name in ("q_rope", "k_rope", "v")]
    cotangent = np.random.default_rng(case.step).standard_normal(given[0].shape).astype(given[0].dtype)
    found = [wide(x) for x in compiled(window)(*given, cotangent)]
    q, k, v = (wide(x) for x in given)
    expected = [attention(q, k, v, window), *attention_gradients(q, k, v, wide(cotangent), window)]
    return float(np.max([deviation(one, other) for one, other in zip(found, expected, strict=True)]))


@functools.cache
def compiled(window: int | None) -> Callable[..., tuple[Any, ...]]:
    """The trainer's own attention and its gradients."""
    import jax

    def both(q: Any, k: Any, v: Any, cotangent: Any) -> tuple[Any, ...]:
        output, pull = jax.vjp(lambda *given: find("model.attend")(*given, window), q, k, v)
        return output, *pull(cotangent)

    program: Callable[..., tuple[Any, ...]] = jax.jit(both)
    return program


# A product is off by a rounding or two of its norm, 6e-8 or 4e-3; a sum over a thousand places by thirty of float32.
LAW = Law(
    name="gqa-live-parity",
    role="claim",
    evidence="system",
    unit="ratio",
    tolerance=1e-5,
    tolerance_bf16=2e-2,
    page=__doc__,
    strategy=cases,
    reading=reading,
)
