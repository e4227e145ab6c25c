"""A sequence that the run trained on, taken through the trainer's own forward pass, every operation seen."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from falsifiers.kernels.trainer import find
from falsifiers.oracles.decoder import Floats
from falsifiers.oracles.expected import Shape, shape_of
from falsifiers.subject import SystemSubject

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A row of the batch of a step, and a layer."""

    step: int
    row: int
    layer: int


def cases(subject: SystemSubject) -> SearchStrategy[Case]:
    """Any row of any executed step, any layer."""
    from hypothesis import strategies as st

    step, row = st.integers(0, max(0, subject.steps - 1)), st.integers(0, len(subject.system.window(0)) - 1)
    return st.builds(Case, step=step, row=row, layer=st.integers(0, shape(subject).num_layers - 1))


def shape(subject: SystemSubject) -> Shape:
    """The shape of the run's model."""
    return shape_of(subject.config["model"])


def operations(subject: SystemSubject, case: Case) -> dict[str, Any]:
    """The outputs [1, t, ...] of all operations under the final weights, on the system's device, in its dtype.

    Those of the case's layer go by their short names, and `input` is what enters it.
    """
    system: Any = subject.system
    tokens = np.asarray(system.window(case.step))[case.row, None, :-1]
    found = compiled(system.model, system.device.compute_dtype)(system.params, tokens)
    layer, before = f"layers.{case.layer}.", f"layers.{case.layer - 1}.residual" if case.layer else "embed"
    return found | {name.removeprefix(layer): x for name, x in found.items()} | {"input": found[before]}


@functools.cache
def compiled(config: Any, dtype: Any) -> Callable[[Any, Any], dict[str, Any]]:
    """The trainer's forward pass of parameters and tokens [b, t], which returns every operation's output by name."""
    import jax

    def seen(params: Any, tokens: Any) -> dict[str, Any]:
        found: dict[str, Any] = {}

        def tap(layer: str, name: str, x: Any) -> Any:
            found[layer + name] = x
            return x

        find("model.forward")(params, config, tokens, dtype, tap)
        return found

    program: Callable[[Any, Any], dict[str, Any]] = jax.jit(seen, compiler_options=find("step.COMPILER_OPTIONS"))
    return program


def wide(x: Any) -> Floats:
    """An array of the device as float64."""
    return np.asarray(np.asarray(x).astype(np.float64))


def weight(subject: SystemSubject, name: str) -> Floats:
    """A tensor of the checkpoint on disk, as float64."""
    return wide(subject.disk[name])


def deviation(found: Floats, expected: Floats, *, over: int | None = None) -> float:
    """Largest distance in shares of the expected norm, of vectors along an axis or of the whole; NaN if one is NaN."""
    apart, size = (
        np.linalg.norm(x if over is not None else x.ravel(), axis=over) for x in (found - expected, expected)
    )
    return float(np.max(apart / np.maximum(size, np.finfo(np.float32).tiny)))
