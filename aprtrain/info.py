"""What a path holds, in a few lines."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from aprtrain.config import ModelConfig
from aprtrain.errors import InputError
from aprtrain.files import read_json

_FIX = "give shards, a run, a checkpoint folder, a model of Hugging Face, or a tokenizer.json"


def describe_path(path: Path) -> Iterator[str]:
    """Readable lines about shards, a run, a checkpoint folder or a tokenizer."""
    if (path / "manifest.json").is_file():
        yield from _shards(path, read_json(path / "manifest.json", fix=_FIX))
    elif (path / "config.json").is_file():
        config = read_json(path / "config.json", fix=_FIX)
        yield from _run(path, config) if "model" in config else _foreign(path)
    elif path.name == "tokenizer.json" or (path / "tokenizer.json").is_file():
        from aprtrain.tokenizer import load

        found = load(path)
        yield f"tokenizer: {found.vocab_size} entries, digest {found.digest}"
    else:
        raise InputError(path, "is neither shards nor a run nor a tokenizer", _FIX)


def _shards(path: Path, manifest: dict[str, Any]) -> Iterator[str]:
    corpus = manifest["corpus"]
    yield f"shards of {corpus['name']}: {corpus['documents']:,} documents, {corpus['bytes']:,} bytes"
    yield f"tokenizer: {manifest['vocab_size']} entries, digest {manifest['tokenizer_digest']}"
    for name, split in manifest["splits"].items():
        size = f"{split['tokens']:,} tokens in {len(split['shards'])} shards"
        yield f"{name}: {len(split['documents']):,} documents, {size}"
    from aprtrain.data import open_shards

    open_shards(path)
    yield "every size, digest and id agrees with the manifest"


def _foreign(path: Path) -> Iterator[str]:
    from aprtrain.init import check_model, load_init

    init = load_init(path)
    yield f"model of Hugging Face, family {init.config['model_type']}: {init.model}"
    check_model(init, init.model)
    yield from init.foreign.notes if init.foreign else ()
    yield "every name, shape, dtype and tie agrees with config.json"


def _run(path: Path, config: dict[str, Any]) -> Iterator[str]:
    model = ModelConfig.from_json(path / "config.json", config.get("model", {}))
    yield f"model: {model}"
    yield f"uniform guess: ln V = {math.log(model.vocab_size):.4f} nats/token"
    yield f"train: {config['train']}"
    summary = path / "summary.json"
    if summary.is_file():
        found = read_json(summary, fix=_FIX)
        steps = f"{found['executed_steps']} of {found['planned_steps']} steps"
        yield f"finished: {found['exit_reason']} after {steps}"
    else:
        yield "not finished"
