"""The gradients of a batch, computed twice from the same weights, are the same to the last bit.

Hunts for: a fault of the device, and a source of randomness that nobody declared.
Why it matters: silent corruption is rare, comes back, and looks like a batch that is hard.
How it looks: two computations of one step that differ in a few bits of one tensor.
If it strikes, suspect: the card, if another card gives equal bits; else a clock, a callback, a key that is not the
run's; a kernel that adds in any order although none was allowed.
Blind spots: an error that is the same each time; the update, and communication between devices.
Sources: Ma et al. 2025, arXiv:2502.12340; Hochschild et al. 2021, Cores that don't count; XLA's flag
xla_gpu_deterministic_ops.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from falsifiers.kernels.trainer import find
from falsifiers.law import Law
from falsifiers.subject import SystemSubject

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

DETERMINISTIC: Final = {"xla_gpu_deterministic_ops": True}
"""XLA then takes no kernel whose sums depend on timing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A step, by its number."""

    step: int


def cases(subject: SystemSubject) -> SearchStrategy[Case]:
    """Any executed step."""
    from hypothesis import strategies as st

    return st.builds(Case, step=st.integers(0, max(0, subject.steps - 1)))


def reading(subject: SystemSubject, case: Case) -> float:
    """Tensors whose gradients differ in a bit between two computations of the step's batch under the final weights."""
    system: Any = subject.system
    gradients = _compiled(system.model, system.train, system.device.compute_dtype)
    batch = {"window": np.asarray(system.window(case.step))}
    first, again = (gradients(system.params, batch) for _ in range(2))
    return float(sum(bool((first[name].view("uint32") != again[name].view("uint32")).any()) for name in first))


@functools.cache
def _compiled(config: Any, train: Any, dtype: Any) -> Callable[[Any, Any], dict[str, Any]]:
    """The trainer's own gradients of a batch, by kernels that add in one order."""
    import jax

    def gradients(params: Any, batch: Any) -> Any:
        with _chosen_in_one_order():
            return find("step.loss_and_gradients")(params, config, train, batch, dtype)[1]

    compiled: Callable[[Any, Any], dict[str, Any]] = jax.jit(
        gradients, compiler_options={**find("step.COMPILER_OPTIONS"), **DETERMINISTIC}
    )
    return compiled


@contextmanager
def _chosen_in_one_order() -> Iterator[None]:
    """The trainer's choice of kernels, which it makes by the flags of its process, as in its deterministic mode."""
    before = os.environ.get("XLA_FLAGS")
    os.environ["XLA_FLAGS"] = f"{before or ''} {find('device.DETERMINISTIC')}"
    try:
        yield
    finally:
        if before is None:
            del os.environ["XLA_FLAGS"]
        else:
            os.environ["XLA_FLAGS"] = before


LAW = Law(
    name="duplicate-step",
    role="claim",
    evidence="system",
    unit="tensors",
    tolerance=0.0,
    page=__doc__,
    strategy=cases,
    reading=reading,
)
