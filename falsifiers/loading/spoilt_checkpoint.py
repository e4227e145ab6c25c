"""A checkpoint that differs in one name, shape or dtype is refused with that tensor's name; its untouched twin is read.

Hunts for: a difference between file and model that a load passes over.
Why it matters: 290 tensors against 219 hid a kind of tensor that a flag had switched off.
How it looks: equal counts, and one tensor that keeps what it held.
If it strikes, suspect: sets compared one way, shapes compared by size, a cast that is not said aloud.
Blind spots: square matrices that are the wrong way round, whose law is another.
Sources: paiml/aprender pull requests 1578, 1579 and 1601; flax `nnx.update`.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from falsifiers.law import one_law
from falsifiers.program import aprtrain, refused, weights, workshop, write_model

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FEWEST = 10
"""A case is a process of two seconds."""
WAYS = ("untouched", "renamed", "dropped", "copied", "transposed", "narrowed")
NAMES = (
    "model.embed_tokens.weight",
    "model.layers.0.self_attn.k_proj.weight",
    "model.layers.0.self_attn.q_proj.bias",
    "model.layers.0.mlp.down_proj.weight",
    "model.norm.weight",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What was done to which tensor."""

    way: str
    tensor: str


def cases(_subject: None) -> SearchStrategy[Case]:
    """Each way, for a tensor of each kind; only a matrix that is not square is transposed."""
    from hypothesis import strategies as st

    every = [Case(way=way, tensor=name) for way in WAYS for name in NAMES if way != "transposed" or name in NAMES[:2]]
    return st.sampled_from(every)


def reading(_subject: None, case: Case) -> float:
    """How many promises are broken."""
    tensors, name = weights(3), case.tensor
    match case.way:
        case "renamed":
            tensors[f"{name}_"] = tensors.pop(name)
        case "dropped":
            del tensors[name]
        case "copied":
            tensors[f"model.copy.{name}"] = tensors[name]
        case "transposed":
            tensors[name] = np.ascontiguousarray(tensors[name].T)
        case "narrowed":
            tensors[name] = tensors[name].astype(np.float16)
    folder = workshop() / "spoilt"
    shutil.rmtree(folder, ignore_errors=True)
    ran = aprtrain("info", write_model(folder, tensors), cwd=workshop())
    if case.way == "untouched":
        return float(ran.status != 0)
    return float(refused(ran) + (_short(name) not in ran.err and name not in ran.err))


def _short(name: str) -> str:
    """What the trainer calls the tensor."""
    parts = {"embed_tokens": "embed", "k_proj": "wk", "q_proj.bias": "bq", "down_proj": "w_down", "norm.weight": "norm"}
    return next(ours for theirs, ours in parts.items() if theirs in name)


FALSIFIER = one_law(__doc__, cases, reading, name=__name__, fewest=FEWEST)
