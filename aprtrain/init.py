"""An init: another run's parameters, or a model of Hugging Face, taken over whole or refused with every difference."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from aprtrain.arrays import describe, differing, digest_array, digest_arrays, ledger_of, statistics
from aprtrain.checkpoint import Arrays, read
from aprtrain.config import ModelConfig, differences
from aprtrain.errors import InputError
from aprtrain.files import digest_file, read_json
from aprtrain.foreign import Foreign, adopt
from aprtrain.hf import hf_name
from aprtrain.model import Params, expected_params, initial_params
from aprtrain.shapes import model_of

_FIX = "give a run of `aprtrain pretrain`, or a folder with config.json and safetensors"


@dataclass(frozen=True, slots=True, kw_only=True)
class Init:
    """Parameters read from a checkpoint."""

    path: Path
    config: dict[str, Any]
    params: Arrays
    """By our names and the way round that the model wants."""
    foreign: Foreign | None = None
    """The tensors of a model of Hugging Face, as they lie in its files."""

    @property
    def model(self) -> ModelConfig:
        """The shape the checkpoint says it has; no field has a default."""
        return model_of(self.path / "config.json", self.config)

    @property
    def digest(self) -> str:
        """SHA-256 over names and arrays, as the checkpoint has them."""
        return digest_arrays(self.foreign.source if self.foreign else self.params)


def load_init(path: Path) -> Init:
    """The init in a run, in its checkpoint folder, or in a folder with config.json and safetensors.

    Raises:
        InputError: there is none, or its files are damaged.
    """
    config = read_json(path / "config.json", fix=_FIX) if (path / "config.json").is_file() else {}
    if not config or "model" in config:
        config, _, params = read(path)
        return Init(path=path, config=config, params=params)
    foreign = adopt(path, config, model_of(path / "config.json", config))
    tokenizer = path / "tokenizer.json"
    if tokenizer.is_file():
        config |= {"tokenizer_digest": digest_file(tokenizer)}
    return Init(path=path, config=config, params=foreign.params, foreign=foreign)


def check_model(init: Init, model: ModelConfig) -> None:
    """Raises InputError naming every field, or else every tensor, in which the init is not the wanted model."""
    found = differences(init.model.to_json(), model.to_json())
    if found:
        what = f"is another model than the one asked for: {'; '.join(found)}"
        raise InputError(init.path, what, "give the recipe that the init was made with, or none")
    expected = expected_params(model)
    lines = differing(expected, init.params, cast=init.foreign is not None)
    lines += init.foreign.faults if init.foreign else ()
    if lines:
        what = f"does not fit the model, {len(lines)} differences:\n    " + "\n    ".join(lines)
        raise InputError(init.path, what, "give an init whose config.json describes its own arrays")


def starting_params(model: ModelConfig, seed: int, init: Init | None) -> tuple[Params, dict[str, Any]]:
    """Parameters before step 0, and the ledger that says where each came from."""
    if init is None:
        params = initial_params(model, seed)
        return params, {"source": {}, "model": ledger_of(params, filled_from="random")}
    filled = _fill(model, init)
    ours = {name: name for name in init.params}
    source, used = (init.foreign.source, init.foreign.used) if init.foreign else (init.params, ours)
    origin = {name: hf_name(name) if init.foreign else name for name in filled}
    rows = {name: describe(leaf) | {"digest": digest_array(leaf)} | statistics(leaf) for name, leaf in source.items()}
    ledger = {
        "source": {name: row | {"consumed": used.get(name) in filled} for name, row in sorted(rows.items())},
        "model": {
            name: row | {"filled_from": f"init:{origin[name]}", "source_dtype": rows[origin[name]]["dtype"]}
            for name, row in ledger_of(filled).items()
        },
    }
    return filled, ledger


def _fill(model: ModelConfig, init: Init) -> Any:
    """Every expected array, allocated as NaN and then filled, so that one left out cannot go unseen."""
    check_model(init, model)
    arrays = {name: np.full(leaf.shape, np.nan, leaf.dtype) for name, leaf in expected_params(model).items()}
    for name, array in arrays.items():
        np.copyto(array, init.params[name])
    bad = [name for name, array in arrays.items() if not np.isfinite(array).all()]
    if bad:
        raise InputError(init.path, f"holds values that are not finite in {', '.join(bad)}", "give a sound init")
    return arrays
