"""An init: another run's parameters, or a model of Hugging Face, taken over whole or refused with every difference."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np

from aprtrain.arrays import describe, differing, digest_array, digest_arrays, ledger_of, statistics
from aprtrain.checkpoint import read
from aprtrain.config import ModelConfig, differences
from aprtrain.errors import InputError
from aprtrain.files import digest_file, read_json
from aprtrain.hf import hf_name, is_transposed, our_name
from aprtrain.model import Params, expected_params, frequencies, initial_params
from aprtrain.safetensors import Arrays, read_folder
from aprtrain.shapes import model_of

HEAD, EMBED = "lm_head.weight", "model.embed_tokens.weight"
_BUFFER = re.compile(r"model\.layers\.\d+\.self_attn\.rotary_emb\.inv_freq")
SAMPLE = 65_536
"""Values of a tensor that its label is judged by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Init:
    """Parameters read from a checkpoint."""

    path: Path
    config: dict[str, Any]
    params: Arrays
    """By our names and the way round that the model wants."""
    source: Arrays
    """As they lie in its files, by the names that they have there."""
    used: dict[str, str]
    """Our name of what a source tensor went into; a repeated head went into the embedding, a buffer into nothing."""
    foreign: bool = False
    """Whether it is a model of Hugging Face, whose dtypes are cast."""
    faults: list[str] = field(default_factory=list)
    """Everything that is wrong with the tensors beside names, shapes and dtypes."""
    notes: list[str] = field(default_factory=list)
    """What was accepted and should be known."""

    @property
    def model(self) -> ModelConfig:
        """The shape the checkpoint says it has; no field has a default."""
        return model_of(self.path / "config.json", self.config)

    @property
    def digest(self) -> str:
        """SHA-256 over names and arrays, as the checkpoint has them."""
        return digest_arrays(self.source)


def load_init(path: Path) -> Init:
    """The init in a run, in its checkpoint folder, or in a folder with config.json and safetensors.

    Raises:
        InputError: there is none, or its files are damaged.
    """
    fix = "give a run of `aprtrain pretrain`, or a folder with config.json and safetensors"
    config = read_json(path / "config.json", fix=fix) if (path / "config.json").is_file() else {}
    if config and "model" not in config:
        return _foreign(path, config)
    config, _, params = read(path)
    return Init(path=path, config=config, params=params, source=params, used={name: name for name in params})


def _foreign(path: Path, config: dict[str, Any]) -> Init:
    """The tensors of a model of Hugging Face, mapped and not yet copied, with all that speaks against them."""
    model, source = model_of(path / "config.json", config), read_folder(path)
    faults = [*_label_faults(source, config.get("dtype", config.get("torch_dtype"))), *_tie_faults(source, model)]
    buffers = {name for name in source if _BUFFER.fullmatch(name)}
    faults += [f"{name}: is not what rope_theta gives" for name in sorted(buffers) if not _turns(source[name], model)]
    used = {name: our_name(name) for name in source if name not in buffers}
    params = {ours: source[name].T if is_transposed(ours) else source[name] for name, ours in used.items()}
    dtypes = ", ".join(sorted({str(array.dtype) for array in source.values()}))
    notes = [f"{len(source)} tensors in {dtypes}, trained as float32"]
    if model.tie_word_embeddings and params.pop("head", None) is not None:
        used[HEAD] = "embed"
        notes += [f"{HEAD} repeats {EMBED}, as a tied model may"] * (not faults)
    notes += [f"{len(buffers)} rotary buffers are what rope_theta gives"] * bool(buffers)
    if (path / "tokenizer.json").is_file():
        config |= {"tokenizer_digest": digest_file(path / "tokenizer.json")}
    return Init(
        path=path, config=config, params=params, source=source, used=used, foreign=True, faults=faults, notes=notes
    )


def _tie_faults(source: Arrays, model: ModelConfig) -> Iterator[str]:
    if not model.tie_word_embeddings and HEAD not in source:
        yield f"{HEAD}: not found, but tie_word_embeddings is false"
    if model.tie_word_embeddings and HEAD in source and EMBED in source:
        head, embed = source[HEAD], source[EMBED]
        alike = (head.shape, head.dtype) == (embed.shape, embed.dtype)
        if not alike or not np.array_equal(head.view(np.uint8), embed.view(np.uint8)):
            yield f"{HEAD}: differs from {EMBED}, but tie_word_embeddings is true"


def _label_faults(source: Arrays, tag: str | None) -> Iterator[str]:
    """Tensors whose dtype is not the one that config.json names, or whose bytes are plainly of the other 16-bit one."""
    for name, array in sorted(source.items()):
        if tag is not None and str(array.dtype) != tag and not _BUFFER.fullmatch(name):
            yield f"{name}: is {array.dtype}, config.json says {tag}"
        if array.dtype.itemsize == 2 and array.ndim == 2:
            other = np.dtype(np.float16 if array.dtype == ml_dtypes.bfloat16 else ml_dtypes.bfloat16)
            sample = array.reshape(-1)[:SAMPLE]
            if not 0.6 < _spread(sample) < 5 and 1 < _spread(sample.view(other)) < 3:
                yield f"{name}: is labelled {array.dtype}, but its bytes are those of {other} weights"


def _spread(values: Any) -> float:
    """Standard deviation of log2 of the magnitudes: 1.6 for a normal distribution of any width.

    bfloat16 has 3 bits of exponent more than float16, so bytes read as the wrong one have an eighth of it, or 8 times.
    """
    wide = np.abs(values.astype(np.float32))
    wide = wide[np.isfinite(wide) & (wide > 0)]
    return float(np.log2(wide).std()) if wide.size else 0.0


def _turns(buffer: Any, model: ModelConfig) -> bool:
    wanted = np.asarray(frequencies(model.head_dim // 2, model.rope_theta, model.rope_scaling))
    return buffer.shape == wanted.shape and np.allclose(buffer.astype(np.float32), wanted, rtol=5e-3, atol=0)


def check_model(init: Init, model: ModelConfig) -> None:
    """Raises InputError naming every field, or else every tensor, in which the init is not the wanted model."""
    found = differences(init.model.to_json(), model.to_json())
    if found:
        what = f"is another model than the one asked for: {'; '.join(found)}"
        raise InputError(init.path, what, "give the recipe that the init was made with, or none")
    expected = expected_params(model)
    lines = differing(expected, init.params, cast=init.foreign) + init.faults
    if lines:
        what = f"does not fit the model, {len(lines)} differences:\n    " + "\n    ".join(lines)
        raise InputError(init.path, what, "give an init whose config.json describes its own arrays")


def starting_params(model: ModelConfig, seed: int, init: Init | None) -> tuple[Params, dict[str, Any]]:
    """Parameters before step 0, and the ledger that says where each came from."""
    if init is None:
        params = initial_params(model, seed)
        return params, {"source": {}, "model": ledger_of(params, filled_from="random")}
    filled = _fill(model, init)
    origin = {name: hf_name(name) if init.foreign else name for name in filled}
    rows = {
        name: describe(leaf) | {"digest": digest_array(leaf)} | statistics(leaf) for name, leaf in init.source.items()
    }
    ledger = {
        "source": {name: row | {"consumed": init.used.get(name) in filled} for name, row in sorted(rows.items())},
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
