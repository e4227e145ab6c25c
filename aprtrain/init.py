"""An init: another run's parameters, taken over whole or refused with every difference named."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from aprtrain.arrays import describe, differing, digest_array, digest_arrays, ledger_of
from aprtrain.checkpoint import Arrays, read
from aprtrain.config import ModelConfig, differences
from aprtrain.errors import InputError
from aprtrain.model import Params, expected_params, initial_params


@dataclass(frozen=True, slots=True, kw_only=True)
class Init:
    """Parameters read from a checkpoint."""

    path: Path
    config: dict[str, Any]
    params: Arrays
    digest: str
    """SHA-256 over names and arrays."""

    @property
    def model(self) -> ModelConfig:
        """The shape the checkpoint says it has; no field has a default."""
        return ModelConfig.from_json(self.path / "config.json", self.config.get("model", {}))


def load_init(path: Path) -> Init:
    """The init in a run, or in its checkpoint folder."""
    config, _, params = read(path)
    return Init(path=path, config=config, params=params, digest=digest_arrays(params))


def check_model(init: Init, model: ModelConfig) -> None:
    """Raises InputError naming every field in which the wanted model differs from the init."""
    found = differences(init.model.to_json(), model.to_json())
    if found:
        what = f"is another model than the one asked for: {'; '.join(found)}"
        raise InputError(init.path, what, "give the recipe that the init was made with, or none")


def starting_params(model: ModelConfig, seed: int, init: Init | None) -> tuple[Params, dict[str, Any]]:
    """Parameters before step 0, and the ledger that says where each came from."""
    if init is None:
        params = initial_params(model, seed)
        return params, {"source": {}, "model": ledger_of(params, filled_from="random")}
    filled = _fill(model, init)
    consumed = {name: describe(leaf) | {"digest": digest_array(leaf)} for name, leaf in init.params.items()}
    ledger = {
        "source": {name: row | {"consumed": name in filled} for name, row in sorted(consumed.items())},
        "model": {name: row | {"filled_from": f"init:{name}"} for name, row in ledger_of(filled).items()},
    }
    return dict(filled), ledger


def _fill(model: ModelConfig, init: Init) -> Any:
    """Every expected array, allocated as NaN and then filled, so that one left out cannot go unseen."""
    expected = expected_params(model)
    lines = differing(expected, init.params)
    if lines:
        what = f"does not fit the model, {len(lines)} differences:\n    " + "\n    ".join(lines)
        raise InputError(init.path, what, "give an init whose config.json describes its own arrays")
    arrays = {name: np.full(leaf.shape, np.nan, leaf.dtype) for name, leaf in expected.items()}
    for name, array in arrays.items():
        np.copyto(array, init.params[name])
    bad = [name for name, array in arrays.items() if not np.isfinite(array.astype(np.float32)).all()]
    if bad:
        raise InputError(init.path, f"holds values that are not finite in {', '.join(bad)}", "give a sound init")
    return arrays
