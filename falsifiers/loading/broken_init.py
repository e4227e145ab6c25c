"""A file that is no whole checkpoint is refused before anything is trained; the untouched one is read.

Hunts for: weights that were cut short, overwritten, flipped or never numbers, and are loaded all the same.
Why it matters: a part of a checkpoint trains as well as a whole one for the first hundred steps.
How it looks: a step-0 loss that is a little above the init's own.
If it strikes, suspect: a reader that believes the header, digests that are written and never compared, a NaN that is
replaced.
Blind spots: a flipped bit in a folder of safetensors, whose format keeps no digests.
Sources: the safetensors format; huggingface/transformers issue 27397 (a truncated shard that loads).
"""

from __future__ import annotations

import functools
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from falsifiers.law import one_law
from falsifiers.program import aprtrain, model_of, pretrain, refused, shards, weights, workshop, write_model

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FEWEST = 10
"""A case is a process of two seconds."""
PLACES = {"whole": 1, "random": 1, "empty": 1, "longer": 1, "nan": 2, "flipped": 2, "cut": 3}
"""Way to the number of places at which it is tried."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What was done to the file, and where in it."""

    way: str
    place: float


def cases(_subject: None) -> SearchStrategy[Case]:
    """Each way, at a few places."""
    from hypothesis import strategies as st

    places = (0.5, 0.999, 0.01)
    return st.sampled_from([Case(way=way, place=place) for way, count in PLACES.items() for place in places[:count]])


def reading(_subject: None, case: Case) -> float:
    """How many promises are broken."""
    folder = workshop() / "broken"
    shutil.rmtree(folder, ignore_errors=True)
    if case.way == "flipped":
        shutil.copytree(_trained(), folder)
        path = max(
            (folder / "checkpoint" / "1" / "state").rglob("*"), key=lambda one: one.is_file() * one.stat().st_size
        )
    else:
        shutil.copytree(model_of(272), folder)
        path = folder / "model.safetensors"
    if case.way == "nan":
        drawn = weights(1)
        flat = drawn["model.layers.0.mlp.up_proj.weight"].reshape(-1)
        flat[int(case.place * flat.size)] = np.nan
        write_model(folder, drawn)
        ran = pretrain("--init", folder, shards=shards(), run=workshop() / "broken-run")
        return float(refused(ran, "up"))
    data = bytearray(path.read_bytes())
    at = int(case.place * len(data))
    match case.way:
        case "random":
            data = bytearray(np.random.default_rng(at).bytes(len(data)))
        case "empty":
            data = bytearray()
        case "cut":
            data = data[:at]
        case "longer":
            data += b"x"
        case "flipped":
            data[at] ^= 1
    path.write_bytes(data)
    ran = aprtrain("diff", folder, folder, cwd=workshop())
    return float(ran.status != 0 if case.way == "whole" else refused(ran, "broken"))


@functools.cache
def _trained() -> Path:
    run = workshop() / "broken-trained"
    ran = pretrain("--init", model_of(272), shards=shards(), run=run)
    if ran.status != 0:
        raise RuntimeError(f"a sound start ended with {ran.status}: {ran.err.strip()[-200:]}")
    return run


FALSIFIER = one_law(__doc__, cases, reading, name=__name__, fewest=FEWEST)
