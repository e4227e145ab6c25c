"""A trace holds each operation of each layer once and in order, and each residual is the sum of what is written there.

Hunts for: an operation that is left out, shown twice, or shown before it is done.
Why it matters: a fault in an operation that nobody sees is put on the one after it.
How it looks: a residual that is not the sum of the rows before it.
If it strikes, suspect: a tap that was forgotten in one branch, a name that two operations share.
Blind spots: operations whose output no later row determines, such as the parts of a norm.
Sources: contracts/activation-trace-v1.yaml, the domain of `trace`.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from falsifiers.kernels.command import shape
from falsifiers.law import one_law
from falsifiers.loop.record import finished
from falsifiers.oracles.trace import operation_names
from falsifiers.program import workshop
from falsifiers.system import Array
from falsifiers.tracing.saved import config, ids, model, outputs, trace

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FEWEST = 5
"""A case is a process of two seconds."""
NEAR = 1e-5


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """How deep the model is."""

    layers: int


def cases(_subject: None) -> SearchStrategy[Case]:
    """From one layer to 28."""
    from hypothesis import strategies as st

    return st.builds(Case, layers=st.sampled_from([1, 2, 3, 7, 28]))


def reading(_subject: None, case: Case) -> float:
    """Names that are missing, strange or out of place, and residuals that are no sum of what was written."""
    fields, folder = config(case.layers), workshop() / "whole"
    shutil.rmtree(folder, ignore_errors=True)
    finished(trace(model(f"deep-{case.layers}", case.layers, fields), ids(0, 8), "--save", folder))
    names, found = outputs(folder)
    wanted = operation_names(shape(fields))
    wrong = sum(a != b for a, b in zip(names, wanted, strict=False)) + abs(len(names) - len(wanted))
    return float(wrong + sum(_apart(found, *parts) for parts in _sums(case.layers)))


def _sums(layers: int) -> Iterator[tuple[str, str, str]]:
    """Each residual, and the two outputs that it is the sum of."""
    before = "embed"
    for index in range(layers):
        at = f"layers.{index}."
        yield at + "attn_residual", before, at + "attn_out"
        yield at + "residual", at + "attn_residual", at + "mlp_out"
        before = at + "residual"


def _apart(found: Mapping[str, Array], total: str, left: str, right: str) -> bool:
    if not {total, left, right} <= set(found):
        return True
    wanted, summed = found[total].astype(np.float64), found[left].astype(np.float64) + found[right].astype(np.float64)
    return not bool(np.max(np.abs(summed - wanted)) <= NEAR * np.max(np.abs(wanted)))


FALSIFIER = one_law(__doc__, cases, reading, name=__name__, fewest=FEWEST)
