"""Tiny models of four families, and their definitions in float64."""

import importlib.util
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from falsifiers.oracles.system import OracleSystem, open_oracle
from falsifiers.rounding import disturbance
from pv.bisect.compare import Trace, tokens_digest


@pytest.fixture(scope="session")
def families() -> ModuleType:
    path = Path(__file__).parents[2] / "support" / "families.py"
    spec = importlib.util.spec_from_file_location("support_families", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def model(families, tmp_path_factory):
    """Writes the folder of a family's model, once for the same fields."""
    made = {}

    def write(family: str = "qwen2", **fields) -> Path:
        key = (family, *sorted(fields.items()))
        if key not in made:
            made[key] = families.write_family(tmp_path_factory.mktemp("model") / family, family, **fields)
        return made[key]

    return write


def _trace_of(system, tokens, *, dtype="float64", alter=lambda _name, x: x) -> Trace:
    found = system.operations(np.array(tokens, np.int32), dtype=dtype, alter=alter)
    return Trace(
        tokens=tokens_digest(tokens),
        positions=(0, len(tokens)),
        dtype=dtype,
        platform="cpu",
        counts=tuple(int(x.count()) for x in found.values()),
        values={name: x.filled(0) for name, x in found.items()},
    )


@pytest.fixture(scope="session")
def trace_of():
    """Makes the trace of a system on ids."""
    return _trace_of


@pytest.fixture(scope="session")
def defined():
    """The float64 trace of a folder on ids, and those of the same disturbed as by two dtypes."""

    def define(folder: Path, tokens, dtypes=("float32", "float64")) -> tuple[Trace, list[Trace]]:
        oracle: OracleSystem = open_oracle(folder)
        disturbed = [_trace_of(oracle, tokens, alter=disturbance(seed, dtypes)) for seed in range(3)]
        return _trace_of(oracle, tokens), disturbed

    return define
