"""Several devices compute the gradient of one, however the state lies on them and however a step is cut up.

Hunts for: a sum for a mean, a mean of means, a part of a gradient that is lost or counted twice between devices.
Why it matters: a rate that was right on one device is n times too large on n, and nothing fails.
How it looks: the same curve at first, then one that depends on how many devices there were.
If it strikes, suspect: divide the two gradients: n is a sum, 1/n a mean taken twice; one tensor alone, its collective.
Blind spots: rows of unequal weight, which the program never has; devices of other kinds than those of this machine.
Sources: transformers issue 19494; jax issue 3970; Goyal et al. 2017, arXiv:1706.02677, section 3.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from falsifiers.kernels.command import CPU
from falsifiers.law import one_law
from falsifiers.loop.record import finished, rows
from falsifiers.oracles.checkpoint import read_arrays
from falsifiers.oracles.decoder import Floats
from falsifiers.program import model_of, pretrain, shards, workshop

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FEWEST = 5
"""A case is a training of several seconds."""
ROWS: Final[tuple[str | Path, ...]] = ("--batch-size", "8", "--warmup-steps", "0", "--clip-norm", "0.5")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """How many devices there are, whether each holds a part of the state, and the micro-batches of a step."""

    devices: int
    shard: bool
    accumulate: int


def cases(_subject: None) -> SearchStrategy[Case]:
    """Two or four devices, in every way."""
    from hypothesis import strategies as st

    return st.builds(Case, devices=st.sampled_from([2, 4]), shard=st.booleans(), accumulate=st.sampled_from([1, 2]))


def reading(_subject: None, case: Case) -> float:
    """Largest relative error of the first step: of its loss, of its norm, and of the gradient that is applied.

    The first moment after one step is the applied gradient times 1 - b1.
    """
    (loss, norm, gradient), (found_loss, found_norm, found) = (
        _step(1, shard=False, accumulate=1),
        _step(case.devices, shard=case.shard, accumulate=case.accumulate),
    )
    wrong = float(np.linalg.norm(found - gradient) / np.linalg.norm(gradient))
    return max(wrong, abs(found_norm / norm - 1), abs(found_loss / loss - 1))


@functools.cache
def _step(devices: int, *, shard: bool, accumulate: int) -> tuple[float, float, Floats]:
    """Loss, norm and first moments, in one row, of a first step."""
    run = workshop() / "devices"
    several = ("--devices", str(devices), "--accumulate", str(accumulate), *(["--shard"] if shard else []))
    options: tuple[str | Path, ...] = ("--init", model_of(272), *ROWS, *several, *CPU)
    finished(pretrain(*options, shards=shards(), run=run, env={"JAX_NUM_CPU_DEVICES": str(devices)}))
    state = read_arrays(run / "checkpoint", prefix="opt_state.")
    moments = [array.astype(np.float64).ravel() for name, array in sorted(state.items()) if ".mu." in name]
    row = rows(run)[0]
    return float(row["loss"]), float(row["grad_norm"]), np.concatenate(moments)


FALSIFIER = one_law(__doc__, cases, reading, name=__name__, unit="ratio", tolerance=1e-4, fewest=FEWEST)
