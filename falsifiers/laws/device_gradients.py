"""Several devices compute the gradient of one, however the state lies on them and however a step is cut up.

Hunts for: a sum for a mean, a mean of means, a part of a gradient that is lost or counted twice between devices.
Why it matters: a rate that was right on one device is n times too large on n, and nothing fails.
How it looks: the same curve at first, then one that depends on how many devices there were.
If it strikes, suspect: divide the two gradients: n is a sum, 1/n a mean taken twice; one tensor alone, its collective.
Blind spots: devices of several machines; what bfloat16 rounds, as the step is computed in float32; kernels that the
trainer's deterministic mode does not take; micro-batches that are wrong on one device too.
Sources: transformers issue 19494; jax issue 3970; Goyal et al. 2017, arXiv:1706.02677, section 3.
"""

from __future__ import annotations

import functools
import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from falsifiers.law import Law
from falsifiers.laws.short_training import LONGEST_S, Start, start_of
from falsifiers.loop.record import finished
from falsifiers.process import run
from falsifiers.program import workshop
from falsifiers.subject import SystemSubject

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

VIRTUAL = {"JAX_NUM_CPU_DEVICES": "4"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """How many devices there are, whether each holds a part of the state, the micro-batches of a step, and its rows."""

    devices: int
    shard: bool
    accumulate: int
    step: int
    masked: bool
    """Whether the rows have masks, of unequal size."""


def cases(subject: SystemSubject) -> SearchStrategy[Case]:
    """Two or four devices, in every way."""
    from hypothesis import strategies as st

    return st.sampled_from(list(_errors(start_of(subject))))


def reading(subject: SystemSubject, case: Case) -> float:
    """Largest relative error of a step: of its loss, of its norm, and of the gradient that is applied."""
    return _errors(start_of(subject))[case]


@functools.lru_cache(maxsize=1)
def _errors(start: Start) -> dict[Case, float]:
    """What every case reads; a process has computed them all, since how many devices it has is settled at its start."""
    options = ("--checkpoint", str(start.checkpoint), "--shards", str(start.shards), "--device", start.device)
    env = VIRTUAL if start.device == "cpu" else None
    said = finished(run("falsifiers.devices", *options, cwd=workshop(), timeout=LONGEST_S, env=env)).out
    rows = [json.loads(line) for line in said.splitlines()]
    return {Case(**{name: row[name] for name in Case.__dataclass_fields__}): _worst(row) for row in rows}


def _worst(row: dict[str, float]) -> float:
    """The largest of a row's errors; NaN above all."""
    errors = [row[name] for name in ("loss", "norm", "gradient")]
    return max(errors, key=lambda error: (math.isnan(error), error))


LAW = Law(
    name="device-gradients",
    role="claim",
    evidence="system",
    unit="ratio",
    tolerance=1e-4,
    page=__doc__,
    strategy=cases,
    reading=reading,
)
