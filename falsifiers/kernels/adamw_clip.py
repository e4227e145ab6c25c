"""The clip scales all gradients by one number, and what is recorded is the norm before it.

Hunts for: a norm of a part: of one tensor, of one layer, of the decayed parameters.
Why it matters: a clip by parts turns the gradient, and by a norm that is recorded after it nobody sees a spike.
How it looks: a recorded norm that is never above the limit, or steps that differ where none should be clipped.
If it strikes, suspect: a clip inside a masked or partitioned optimizer, a norm taken after the scaling.
Blind spots: several devices, which the trainer does not use together; gradients that are not finite.
Sources: Pascanu, Mikolov and Bengio 2013, arXiv:1211.5063, algorithm 1; Kingma and Ba 2014, arXiv:1412.6980.
"""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from falsifiers.kernels.command import CPU, trained
from falsifiers.law import one_law
from falsifiers.loop.record import rows
from falsifiers.oracles.checkpoint import read_arrays
from falsifiers.oracles.decoder import Floats
from falsifiers.program import model_of, shards, workshop

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FEWEST = 5
"""A case is a training of two seconds."""
LOOSE = 1e6
"""A limit that no gradient reaches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """The limit."""

    limit: float


def cases(_subject: None) -> SearchStrategy[Case]:
    """Limits far below the norm, somewhat below it, and above it."""
    from hypothesis import strategies as st

    return st.builds(Case, limit=st.sampled_from([1e-3, 0.03, 0.3, 1.0, 30.0]))


def reading(_subject: None, case: Case) -> float:
    """Largest relative error of the recorded norm, and of the gradient that is applied, in its norm.

    The first moment after one step is the applied gradient times 1 - b1.
    """
    raw, gradient = _step(LOOSE)
    recorded, applied = _step(case.limit)
    wanted = gradient * min(1.0, case.limit / raw)
    wrong = float(np.linalg.norm(applied - wanted) / np.linalg.norm(wanted))
    return max(wrong, abs(recorded / raw - 1), abs(float(np.linalg.norm(gradient)) / raw - 1))


@functools.cache
def _step(limit: float) -> tuple[float, Floats]:
    """The recorded norm of a first step under a limit, and the gradient that it applied, in one row."""
    options = ("--init", model_of(272), "--clip-norm", str(limit), *CPU)
    run = trained(*options, dataset=shards(), run=workshop() / "clipped", length=16)
    beta1 = json.loads((run / "config.json").read_text(encoding="utf-8"))["train"]["beta1"]
    state = read_arrays(run / "checkpoint", prefix="opt_state.")
    moments = [array.astype(np.float64).ravel() for name, array in sorted(state.items()) if ".mu." in name]
    return float(rows(run)[0]["grad_norm"]), np.concatenate(moments) / (1 - beta1)


FALSIFIER = one_law(__doc__, cases, reading, name=__name__, unit="ratio", tolerance=1e-4, fewest=FEWEST)
