"""What a path holds, in a few lines."""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from aprtrain.config import ModelConfig
from aprtrain.errors import InputError
from aprtrain.files import read_json
from aprtrain.shapes import SHAPES

_FIX = "give shards, a run, a checkpoint folder, a model of Hugging Face, a tokenizer.json, or a shape by name"


def describe_path(path: Path) -> Iterator[str]:
    """Readable lines about shards, a run, a checkpoint folder, a tokenizer, or a published shape by name."""
    if (path / "manifest.json").is_file():
        from aprtrain.data import open_shards

        yield from describe_shards(open_shards(path).manifest)
        yield "every size, digest and id agrees with the manifest"
    elif (path / "config.json").is_file():
        config = read_json(path / "config.json", fix=_FIX)
        yield from _run(path, config) if "model" in config else _foreign(path)
    elif path.name == "tokenizer.json" or (path / "tokenizer.json").is_file():
        from aprtrain.tokenizer import load

        found = load(path)
        yield f"tokenizer: {found}, digest {found.digest}"
    elif str(path) in SHAPES:
        from aprtrain.model import expected_params

        model = SHAPES[str(path)]
        counted = sum(math.prod(leaf.shape) for leaf in expected_params(model).values())
        yield f"published shape: {model}"
        yield f"{counted:,} parameters"
    else:
        raise InputError(path, "is neither shards nor a run nor a tokenizer", _FIX)


def describe_shards(manifest: dict[str, Any]) -> Iterator[str]:
    """What a manifest says, and whether the ids are text."""
    corpus, audit = manifest["corpus"], manifest.get("audit")
    yield f"shards of {corpus['name']}: {corpus['documents']:,} documents, {corpus['bytes']:,} bytes"
    yield f"tokenizer: {manifest['vocab_size']} entries, digest {manifest['tokenizer_digest']}"
    for name, split in manifest["splits"].items():
        size = f"{split['tokens']:>13,} tokens in {len(split['shards'])} shards"
        yield f"{name:<6} {len(split['documents']):>7,} documents {size}"
    if audit:
        trip, nats = audit["round_trip"], audit["entropy_nats"]
        back = f"round trip {trip['equal']} of {trip['documents']} documents tried"
        ids = f"ids: {audit['distinct_ids']:,} distinct, {audit['unk_rate']:.4%} unknown"
        yield f"{ids}, {audit['bytes_per_token']:.2f} bytes/token, {back}"
        yield f"entropy without context: {nats:.4f} nats ({audit['entropy_bits']:.4f} bits) a token"
        guess = f"{audit['ln_vocab_nats']:.4f} nats over all ids, {audit['ln_usable_nats']:.4f} over the usable ones"
        yield f"uniform guess: {guess}"
    yield from (f"accepted although {fault}" for fault in manifest.get("accepted_faults", ()))
    yield from (f"not restored: {part}" for part in manifest.get("not_restored", ()))


def _foreign(path: Path) -> Iterator[str]:
    from aprtrain.init import check_model, load_init

    init = load_init(path)
    yield f"model of Hugging Face, family {init.config['model_type']}: {init.model}"
    check_model(init, init.model)
    yield from init.notes
    yield "every name, shape, dtype and tie agrees with config.json"


def _run(path: Path, config: dict[str, Any]) -> Iterator[str]:
    model = ModelConfig.from_json(path / "config.json", config.get("model", {}))
    yield f"model: {model}"
    yield f"uniform guess: ln V = {math.log(model.vocab_size):.4f} nats/token"
    yield f"train: {config['train']}"
    if not (path / "summary.json").is_file():
        yield "not finished"
        return
    found = read_json(path / "summary.json", fix=_FIX)
    yield f"finished: {found['exit_reason']} after {found['executed_steps']} of {found['planned_steps']} steps"
