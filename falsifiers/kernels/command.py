"""Commands of the trainer on a corpus and a model that a law has made: what it scores, traces and trains."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from falsifiers.loop.record import finished
from falsifiers.oracles.decoder import Floats, as_float64
from falsifiers.oracles.expected import Shape
from falsifiers.program import CONFIG, OURS, STEP, aprtrain, shards, workshop
from falsifiers.system import Array

CPU: Final = ("--device", "cpu")
FILLER: Final = "filler"
STILL: Final = ("--learning-rate", "1e-30", "--warmup-steps", "0")
"""A rate so small that no float32 weight moves: what is scored after the step are the weights before it."""

Ids = Sequence[int]


def corpus(name: str, **splits: Sequence[Ids]) -> Path:
    """Shards of text whose `train` or `val_a` documents are replaced, each from its opening id to its closing one.

    A document's closing id opens the next one; where it does not, a document of one target named FILLER is between.
    """
    folder = workshop() / name
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(shards(), folder)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    for split, documents in splits.items():
        manifest["splits"][split.replace("_", "-")] = _written(folder, split.replace("_", "-"), documents)
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


def in_two_files(folder: Path, at: int) -> Path:
    """The same shards, with so many ids of the train split's stream in a first file and the others in a second."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    ids = np.fromfile(folder / "train-00000.bin", "<u2").tolist()
    parts = enumerate((ids[:at], ids[at:]))
    files = [_file(folder / f"train-{number:05d}.bin", part) for number, part in parts]
    manifest["splits"]["train"]["shards"] = files
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


def _written(folder: Path, split: str, documents: Sequence[Ids]) -> dict[str, Any]:
    """The row of a split in the manifest, its one file written."""
    stream, rows = list[int](), list[dict[str, Any]]()
    for number, document in enumerate(documents):
        if stream and stream[-1] != document[0]:
            rows.append({"name": FILLER, "offset": len(stream) - 1, "tokens": 1})
            stream.append(document[0])
        rows.append({"name": str(number), "offset": max(0, len(stream) - 1), "tokens": len(document) - 1})
        stream += document[1:] if stream else document
    for number, row in enumerate(rows):
        row["id"] = hashlib.sha256(f"{split} {number}".encode()).hexdigest()
    file = _file(folder / f"{split}-00000.bin", stream)
    return {"shards": [file], "tokens": len(stream), "documents": rows}


def _file(path: Path, ids: Ids) -> dict[str, Any]:
    """The row of a file in the manifest, the file written."""
    data = np.array(ids, "<u2").tobytes()
    path.write_bytes(data)
    return {"file": path.name, "tokens": len(ids), "sha256": hashlib.sha256(data).hexdigest()}


def scored(model: Path, dataset: Path, context: int) -> list[float]:
    """Sum of nats of each document of val-a, without the fillers, in windows of `context`."""
    how = ("--seq-length", str(context), "--documents", "10000", "--json", *CPU)
    ran = finished(aprtrain("eval", model, "--dataset", dataset, *how, cwd=workshop()))
    rows = [json.loads(line) for line in ran.out.splitlines()]
    return [float(row["sum_nats"]) for row in rows if row["name"] != FILLER]


def traced(model: Path, ids: Ids, *options: str | Path) -> str:
    """What `trace` says of the ids."""
    path = workshop() / "ids.txt"
    path.write_text(" ".join(map(str, ids)), encoding="utf-8")
    return finished(aprtrain("trace", model, "--tokens", path, *CPU, *options, cwd=workshop())).out


def trained(*options: str | Path, dataset: Path, run: Path, length: int) -> Path:
    """The folder of a run of one step, or as many as the options say, on windows of `length` targets."""
    shutil.rmtree(run, ignore_errors=True)
    where = ("--dataset", dataset, "--run-dir", run)
    finished(aprtrain("pretrain", *where, *STEP, "--seq-length", str(length), *options, cwd=workshop()))
    return run


def reported(run: Path, split: str = "val-a") -> dict[str, Any]:
    """The first reading of a split that a run has reported."""
    lines = (run / "reported.jsonl").read_text(encoding="utf-8").splitlines()
    return next(row for row in map(json.loads, lines) if row["split"] == split)


def shape(config: Mapping[str, Any] = CONFIG) -> Shape:
    """The oracle's shape of a config.json like CONFIG."""
    return Shape(
        vocab_size=config["vocab_size"],
        hidden_size=config["hidden_size"],
        num_layers=config["num_hidden_layers"],
        num_heads=config["num_attention_heads"],
        num_kv_heads=config["num_key_value_heads"],
        head_dim=config["hidden_size"] // config["num_attention_heads"],
        intermediate_size=config["intermediate_size"],
        rope_theta=config["rope_theta"],
        rms_norm_eps=config["rms_norm_eps"],
        tie_word_embeddings=config["tie_word_embeddings"],
        qkv_bias=True,
    )


def ours(tensors: Mapping[str, Array]) -> dict[str, Floats]:
    """Tensors of a file in float64, by the trainer's names and the way round that it has them."""
    turned = {name: array.T if "_proj.weight" in name else array for name, array in tensors.items()}
    return as_float64({_our_name(name): array for name, array in turned.items()})


def _our_name(name: str) -> str:
    """The trainer's name of a tensor of any layer."""
    layer = re.search(r"layers\.\d+\.", name)
    if layer is None:
        return OURS.get(name, "head")
    return OURS[name.replace(layer[0], "layers.0.")].replace("layers.0.", layer[0])
