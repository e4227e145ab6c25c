"""Without a reference a trace says of a layer with a large deviation what it says of any other: numbers.

Hunts for: a verdict on a layer that rests on the layer before it.
Why it matters: sound models have layers that deviate 17 times as much as their neighbours; weeks went into one of them.
How it looks: a layer that is called the site of the anomaly, in a model that computes what its weights say.
If it strikes, suspect: a threshold on ratios between layers, a word in the output that depends on a number.
Blind spots: what people say about the numbers.
Sources: paiml/aprender pull requests 1535 to 1546, 2026: the third layer, 17.2 times, in a model that was sound there.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from falsifiers.law import one_law
from falsifiers.loop.record import finished
from falsifiers.program import weights, workshop, write_model
from falsifiers.tracing.saved import config, ids, trace

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FEWEST = 5
"""A case is a process of two seconds."""
NUMBER = re.compile(r"\s*[+-]?(\d[\d.]*(e[+-]?\d+)?|nan|inf)")
LAYERS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """How many times its deviation silu(gate) * up of a layer gets."""

    layer: int
    times: float


def cases(_subject: None) -> SearchStrategy[Case]:
    """Inner layers, from 17 times to 1000."""
    from hypothesis import strategies as st

    return st.builds(Case, layer=st.sampled_from([1, 2]), times=st.sampled_from([17.0, 30.0, 100.0, 1000.0]))


def reading(_subject: None, case: Case) -> float:
    """Words, beside numbers, that differ from those about the same model without the large deviation."""
    said, plain = _said(case.layer, case.times), _said(case.layer, 1.0)
    return float(sum(a != b for a, b in zip(said, plain, strict=False)) + abs(len(said) - len(plain)))


@functools.cache
def _said(layer: int, times: float) -> list[str]:
    ran = finished(trace(_model(layer, times), ids(0, 8)))
    return NUMBER.sub(" # ", ran.out + ran.err).split()


def _model(layer: int, times: float) -> Path:
    """The branch beside the gate is `times` as large, and what is added to the residual stream the same."""
    fields = config(LAYERS)
    tensors = weights(0, fields)
    for part, factor in (("up", times), ("down", 1 / times)):
        name = f"model.layers.{layer}.mlp.{part}_proj.weight"
        tensors[name] = np.multiply(tensors[name], factor, dtype=np.float32)
    return write_model(workshop() / "large", tensors, fields)


FALSIFIER = one_law(__doc__, cases, reading, name=__name__, fewest=FEWEST)
