"""The float64 oracle as a system: its operations on request, from a run's checkpoint or a folder of Hugging Face."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from falsifiers.job import JobError
from falsifiers.oracles.checkpoint import CheckpointError, read_arrays, read_config
from falsifiers.oracles.decoder import Floats, as_float64, visible
from falsifiers.oracles.expected import Shape, expected_arrays, shape_of
from falsifiers.oracles.foreign import read_foreign
from falsifiers.oracles.trace import operations

Masked = np.ma.MaskedArray[Any, np.dtype[np.float64]]


@dataclass(frozen=True, slots=True, kw_only=True)
class OracleSystem:
    """A model that is computed from its definition."""

    shape: Shape
    arrays: Mapping[str, Floats]
    device_platform: str = "cpu"

    @property
    def vocab_size(self) -> int:
        """Logits a position."""
        return self.shape.vocab_size

    def parameters(self) -> Mapping[str, Floats]:
        """Every parameter by the checkpoint's name."""
        return self.arrays

    def with_parameters(self, parameters: Mapping[str, Any]) -> OracleSystem:
        """The same definition on other weights."""
        return replace(self, arrays=as_float64(parameters))

    def operations(
        self, tokens: npt.NDArray[np.int32], *, dtype: str, alter: Callable[[str, Any], Any]
    ) -> dict[str, Masked]:
        """The output [1, t, ...] of every operation on the ids [t]; scores that attention does not see are masked."""
        if dtype != "float64":
            raise JobError(f"dtype {dtype}: the oracle computes in float64 alone")
        if not (len(tokens) and tokens.min() >= 0 and tokens.max() < self.vocab_size):
            raise JobError(f"tokens: give at least one id, all in [0, {self.vocab_size})")
        found = operations(self.arrays, self.shape, tokens[None], alter)
        unseen = ~visible(self.shape, len(tokens))[None, :, None]
        return {
            name: np.ma.masked_array(x, np.broadcast_to(unseen if name.endswith(".scores") else False, x.shape))
            for name, x in found.items()
        }


def open_oracle(path: Path) -> OracleSystem:
    """The system whose weights lie in a run, in its checkpoint folder, or in a folder of Hugging Face.

    Raises:
        CheckpointError: nothing readable is there, or arrays that are not those of its configuration.
        ShapeError: a model that the oracle does not compute.
    """
    folder = path / "checkpoint" if (path / "checkpoint").is_dir() else path
    config = read_config(folder)
    if "model" in config:
        arrays, shape = as_float64(read_arrays(folder)), shape_of(config["model"])
    else:
        arrays, shape = read_foreign(folder)
    expected = expected_arrays(shape)
    wrong = sorted(name for name in expected if name not in arrays or arrays[name].shape != expected[name])
    if wrong:
        raise CheckpointError(f"{folder}: {len(wrong)} tensors missing or of another shape, first {wrong[0]}")
    return OracleSystem(shape=shape, arrays=arrays)
