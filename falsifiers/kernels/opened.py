"""A model in a folder, opened and run by the trainer's own functions in this process."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from falsifiers.kernels.trainer import find
from falsifiers.oracles.decoder import Floats


def operations(folder: Path, ids: Iterable[int]) -> dict[str, Floats]:
    """The output [1, t, ...] of every operation on the ids [t], by name; ids beyond the vocabulary are refused."""
    system = find("system.open_system")(folder, device="cpu")
    found = find("trace.operations")(system, np.fromiter(ids, np.int32))
    return {name: np.asarray(output, np.float64) for name, output in found.items()}
