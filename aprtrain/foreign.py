"""A folder of Hugging Face as an init: every tensor held against the configuration, casts and ties said aloud."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np

from aprtrain.config import ModelConfig
from aprtrain.hf import is_transposed, our_name
from aprtrain.safetensors import Arrays, read_folder

HEAD, EMBED = "lm_head.weight", "model.embed_tokens.weight"
_BUFFER = re.compile(r"model\.layers\.\d+\.self_attn\.rotary_emb\.inv_freq")
SAMPLE = 65_536
"""Values of a tensor that its label is judged by."""


@dataclass(frozen=True, slots=True)
class Foreign:
    """The tensors of a folder, by its own names and by ours, in the dtypes that they have there."""

    source: Arrays
    used: dict[str, str]
    """Our name of what a source tensor went into; a repeated head went into the embedding, a buffer into nothing."""
    params: Arrays
    faults: tuple[str, ...]
    """Everything that is wrong with them beside names and shapes."""
    notes: tuple[str, ...]
    """What was accepted and should be known."""


def adopt(folder: Path, config: dict[str, Any], model: ModelConfig) -> Foreign:
    """The tensors of `folder`, mapped and not yet copied, with all that speaks against them."""
    source = read_folder(folder)
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
    return Foreign(source, used, params, tuple(faults), tuple(notes))


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
    from aprtrain.model import frequencies

    wanted = np.asarray(frequencies(model.head_dim // 2, model.rope_theta, model.rope_scaling))
    return buffer.shape == wanted.shape and np.allclose(buffer.astype(np.float32), wanted, rtol=5e-3, atol=0)
