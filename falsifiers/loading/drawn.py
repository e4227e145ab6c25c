"""Runs from scratch, and the weights that they drew, as a model of another library would be given."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from falsifiers.kernels.command import CPU, STILL, trained
from falsifiers.oracles.checkpoint import read_arrays
from falsifiers.program import OURS, shards, workshop, write_model


def scratch(config: Mapping[str, Any], seed: int, *options: str, name: str = "scratch") -> Path:
    """The folder of a run from scratch of the shape in a config.json."""
    shape = workshop() / f"{name}-shape"
    shape.mkdir(exist_ok=True)
    (shape / "config.json").write_text(json.dumps(dict(config)), encoding="utf-8")
    seeded = ("--shape", str(shape), "--seed", str(seed), *CPU)
    return trained(*seeded, *options, dataset=shards(), run=workshop() / f"{name}-run", length=16)


def drawn(config: Mapping[str, Any], seed: int) -> tuple[Path, Path]:
    """A run of one step that moves nothing, and the weights it drew as config.json and safetensors; one layer."""
    run = scratch(config, seed, *STILL, name="drawn")
    held = read_arrays(run / "checkpoint")
    names = {**OURS, **({} if config["tie_word_embeddings"] else {"lm_head.weight": "head"})}
    tensors = {name: held[ours].T if "_proj.weight" in name else held[ours] for name, ours in names.items()}
    return run, write_model(workshop() / "drawn", tensors, config)
