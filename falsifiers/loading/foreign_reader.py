"""A reader that shares no code with the trainer finds the same model in the exported files.

Hunts for: a convention that the trainer's writer and its own reader share, and nobody else does.
Why it matters: a round trip through one's own code proves that it undoes itself, not that it says the right thing.
How it looks: a model that is fine here and babbles wherever it is loaded.
If it strikes, suspect: the pairing of rotary halves, the order of shared heads, a transposed matrix, a field of
config.json that is written from a constant.
Blind spots: what a published library makes of fields that this reader ignores; bfloat16.
Sources: the config.json and the tensor names of Qwen2 as published; contracts/tensor-layout-v1.yaml.
"""

from __future__ import annotations

import functools
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from falsifiers.kernels.command import CPU, ours, shape, trained
from falsifiers.law import one_law
from falsifiers.loop.record import finished
from falsifiers.oracles.decoder import logits
from falsifiers.oracles.safetensors import read_safetensors
from falsifiers.program import (
    CONFIG,
    aprtrain,
    shards,
    weights,
    workshop,
    write_model,
)
from falsifiers.tracing.saved import ids, outputs, trace

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FEWEST = 5
"""A case is a process of two seconds."""
LENGTH = 100
CLEAR = 1e-2
"""Two logits that are further apart are in the same order for every reader."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Seed of the ids."""

    seed: int


def cases(_subject: None) -> SearchStrategy[Case]:
    """Five times a hundred tokens, or more."""
    from hypothesis import strategies as st

    return st.builds(Case, seed=st.integers(0, 99))


def reading(_subject: None, case: Case) -> float:
    """Largest difference of two logits; infinite where the clear best token of a position is another."""
    run, model = _exported()
    tokens, folder = ids(case.seed, LENGTH), workshop() / "foreign-trace"
    shutil.rmtree(folder, ignore_errors=True)
    finished(trace(run, tokens, "--save", folder))
    found = outputs(folder)[1]["logits"].astype(np.float64)
    config = json.loads((model / "config.json").read_text(encoding="utf-8"))
    wanted = logits(ours(read_safetensors(model / "model.safetensors")), shape(config), tokens[None])
    best = np.sort(wanted, axis=-1)
    clear = best[..., -1] - best[..., -2] > CLEAR
    if (found.argmax(-1) != wanted.argmax(-1))[clear].any():
        return float("inf")
    return float(np.max(np.abs(found - wanted)))


@functools.cache
def _exported() -> tuple[Path, Path]:
    """A run of some steps, and what it exports."""
    config = {**CONFIG, "num_hidden_layers": 2, "max_position_embeddings": 128}
    init = write_model(workshop() / "foreign-init", weights(0, config), config)
    steps = ("--num-steps", "3", "--learning-rate", "0.01", *CPU)
    run = trained("--init", init, *steps, dataset=shards(), run=workshop() / "foreign-run", length=16)
    finished(aprtrain("export", run, "-o", workshop() / "foreign-model", cwd=workshop()))
    return run, workshop() / "foreign-model"


FALSIFIER = one_law(__doc__, cases, reading, name=__name__, unit="1", tolerance=1e-3, fewest=FEWEST)
