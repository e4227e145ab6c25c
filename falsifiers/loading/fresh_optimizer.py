"""After its first step an optimizer knows one gradient: both moments are those of a step from nothing.

Hunts for: moments, a count of steps or a rate that came along with the weights of an init.
Why it matters: moments of another task push the first steps, and an old count leaves out the correction of the bias.
How it looks: a fine-tune whose first update is larger, or points elsewhere, than its gradient says.
If it strikes, suspect: a restore of the whole state where only the weights were asked for.
Blind spots: a state that is forgotten again after the first step.
Sources: Kingma and Ba 2014, arXiv:1412.6980, algorithm 1: m = (1 - b1) g and v = (1 - b2) g^2 after the first step.
"""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from falsifiers.kernels.command import CPU, trained
from falsifiers.law import one_law
from falsifiers.loop.record import rows
from falsifiers.oracles.checkpoint import read_arrays
from falsifiers.program import model_of, shards, workshop

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FEWEST = 5
"""A case is a training of two seconds."""
NEAR = 1e-5
RATE, WARMUP = 0.01, 2
"""Peak of the rate, and the steps until it."""
STEPS = (
    *("--num-steps", "3", "--checkpoint-every", "1", "--keep-checkpoints", "3"),
    *("--learning-rate", str(RATE), "--warmup-steps", str(WARMUP)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Whether the init is in the middle of a run, and the seed of the fine-tune."""

    from_run: bool
    seed: int


def cases(_subject: None) -> SearchStrategy[Case]:
    """A run or plain weights, with any seed."""
    from hypothesis import strategies as st

    return st.builds(Case, from_run=st.booleans(), seed=st.integers(0, 2))


def reading(_subject: None, case: Case) -> float:
    """Tensors whose moments are not those of one gradient, and 1 each for a count and a rate of another step."""
    init = _before() if case.from_run else model_of(272)
    run = trained(
        "--init", init, "--seed", str(case.seed), *STEPS, *CPU, dataset=shards(), run=workshop() / "fresh", length=16
    )
    config = json.loads((run / "config.json").read_text(encoding="utf-8"))["train"]
    state = read_arrays(run / "checkpoint", 1, prefix="opt_state.")
    beta1, beta2 = config["beta1"], config["beta2"]
    first = {name: state[name].astype(np.float64) for name in state if ".mu." in name}
    wrong = sum(
        not np.allclose((1 - beta2) * m**2, (1 - beta1) ** 2 * state[name.replace(".mu.", ".nu.")], rtol=NEAR, atol=0)
        for name, m in first.items()
    )
    counts = {int(array) for name, array in state.items() if name.endswith("count")}
    rising = np.isclose(rows(run)[0]["lr"], RATE / WARMUP, rtol=NEAR)
    return float(wrong + (not first) + (counts != {1}) + (not rising))


@functools.cache
def _before() -> Path:
    """A run of some steps, whose moments are not 0."""
    return trained("--init", model_of(272), *STEPS, *CPU, dataset=shards(), run=workshop() / "mid-run", length=16)


FALSIFIER = one_law(__doc__, cases, reading, name=__name__, unit="tensors", fewest=FEWEST)
