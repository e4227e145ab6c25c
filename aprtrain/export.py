"""A checkpoint written as Hugging Face reads it, and two checkpoints compared tensor by tensor."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np

from aprtrain.arrays import describe, digest_array
from aprtrain.config import ModelConfig, differences
from aprtrain.errors import InputError
from aprtrain.files import write_json, write_whole
from aprtrain.hf import hf_config, hf_name, is_transposed
from aprtrain.init import check_model, load_init
from aprtrain.safetensors import INDEX, NAME, write_file
from aprtrain.tokenizer import load

DTYPES = {"float32": np.dtype(np.float32), "bfloat16": np.dtype(ml_dtypes.bfloat16), "float16": np.dtype(np.float16)}
MAX_SHARD_BYTES = 5_000_000_000


def export(run: Path, out: Path, dtype: str, *, max_shard_bytes: int = MAX_SHARD_BYTES) -> int:
    """`out` holds the model of a run as transformers loads it; returns the number of tensors.

    Raises:
        InputError: there is no whole checkpoint, `out` is not empty, or a value does not fit `dtype`.
    """
    init = load_init(run)
    if init.foreign:
        raise InputError(run, "is a folder of Hugging Face already", "give a run of `aprtrain pretrain`")
    check_model(init, init.model)
    folder = run / "checkpoint" if (run / "checkpoint").is_dir() else run
    write_model(out, init.model, init.params, folder / "tokenizer.json", dtype, max_shard_bytes)
    return len(init.params)


def write_model(
    out: Path, model: ModelConfig, params: Mapping[str, Any], tokenizer: Path, dtype: str, max_shard_bytes: int
) -> None:
    """`out` holds safetensors, config.json and tokenizer; it was empty or absent."""
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise InputError(out, "is there and not empty", "give a folder that is empty or does not exist")
    found = load(tokenizer)
    out.mkdir(parents=True, exist_ok=True)
    write_tensors(out, params, dtype, max_shard_bytes)
    write_whole(out / "tokenizer.json", found.data)
    ids = {"eos_token": found.eos_id, "unk_token": found.unk_id}
    special = {name: found.inner.id_to_token(one) for name, one in ids.items() if one is not None}
    fast = {"tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": model.max_positions}
    write_json(out / "tokenizer_config.json", special | fast | {"clean_up_tokenization_spaces": False})
    write_json(out / "config.json", hf_config(model, dtype) | {"bos_token_id": None, "eos_token_id": found.eos_id})


def write_tensors(folder: Path, params: Mapping[str, Any], dtype: str, max_shard_bytes: int = MAX_SHARD_BYTES) -> None:
    """The parameters lie in `folder` under Hugging Face's names and the way round it wants them.

    They take one file, or several of at most `max_shard_bytes` (but one tensor at least) and an index.
    """
    with np.errstate(over="ignore"):
        cast = {hf_name(name): np.asarray(leaf, DTYPES[dtype]) for name, leaf in params.items()}
    bad = [name for name, leaf in cast.items() if not np.isfinite(leaf.astype(np.float32)).all()]
    if bad:
        raise InputError(folder, f"{dtype} cannot hold the values of {', '.join(bad)}", "give --dtype float32")
    cast |= {hf_name(name): cast[hf_name(name)].T for name in params if is_transposed(name)}
    shards: list[dict[str, Any]] = [{}]
    for name, leaf in sorted(cast.items()):
        if shards[-1] and sum(one.nbytes for one in shards[-1].values()) + leaf.nbytes > max_shard_bytes:
            shards.append({})
        shards[-1][name] = leaf
    if len(shards) == 1:
        write_file(folder / NAME, cast)
        return
    places: dict[str, str] = {}
    for number, shard in enumerate(shards, 1):
        file = f"model-{number:05}-of-{len(shards):05}.safetensors"
        write_file(folder / file, shard)
        places |= dict.fromkeys(shard, file)
    total = sum(leaf.nbytes for leaf in cast.values())
    write_json(folder / INDEX, {"metadata": {"total_size": total}, "weight_map": places})


def differing_tensors(first: Path, second: Path) -> Iterator[str]:
    """A line for every field of the shapes and every tensor in which two checkpoints differ, by our names."""
    one, two = load_init(first), load_init(second)
    yield from differences(one.model.to_json(), two.model.to_json(), "shape.")
    left, right = one.params, two.params
    for name in sorted(set(left) | set(right)):
        if name not in right or name not in left:
            yield f"{name}: only in {first if name in left else second}"
        elif describe(left[name]) != describe(right[name]) or digest_array(left[name]) != digest_array(right[name]):
            yield f"{name}: {_difference(left[name], right[name])}"


def _difference(left: Any, right: Any) -> str:
    parts = [f"{left.dtype}{list(left.shape)} and {right.dtype}{list(right.shape)}"]
    a, b = left.astype(np.float64), right.astype(np.float64)
    if a.shape == b.shape:
        parts.append(f"max |difference| {np.max(np.abs(a - b), initial=0):.3e}")
    if a.ndim == 2 and np.array_equal(a.T, b):
        parts.append("one is the transpose of the other")
    return ", ".join(parts)
