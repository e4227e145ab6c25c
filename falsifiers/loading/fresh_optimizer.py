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


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Whether the init is in the middle of a run, and the peak and the warm-up of the fine-tune."""

    from_run: bool
    rate: float
    warmup: int


def cases(_subject: None) -> SearchStrategy[Case]:
    """A run or plain weights, two peaks, with a warm-up and without."""
    from hypothesis import strategies as st

    rates, warmups = st.sampled_from([1e-3, 1e-2]), st.sampled_from([0, 4])
    return st.builds(Case, from_run=st.booleans(), rate=rates, warmup=warmups)


def reading(_subject: None, case: Case) -> float:
    """Tensors whose moments are not those of one gradient, and 1 each for a count and a rate of another step."""
    options = ("--num-steps", "5", "--checkpoint-every", "1", "--keep-checkpoints", "5")
    schedule = ("--learning-rate", str(case.rate), "--warmup-steps", str(case.warmup))
    init = _before() if case.from_run else model_of(272)
    run = trained("--init", init, *options, *schedule, *CPU, dataset=shards(), run=workshop() / "fresh", length=16)
    config = json.loads((run / "config.json").read_text(encoding="utf-8"))["train"]
    state = read_arrays(run / "checkpoint", 1, prefix="opt_state.")
    beta1, beta2 = config["beta1"], config["beta2"]
    first = {name: state[name].astype(np.float64) for name in state if ".mu." in name}
    wrong = sum(
        not np.allclose((1 - beta2) * m**2, (1 - beta1) ** 2 * state[name.replace(".mu.", ".nu.")], rtol=NEAR, atol=0)
        for name, m in first.items()
    )
    counts = {int(array) for name, array in state.items() if name.endswith("count")}
    rate = case.rate / case.warmup if case.warmup else case.rate
    return float(wrong + (not first) + (counts != {1}) + (not np.isclose(rows(run)[0]["lr"], rate, rtol=NEAR)))


@functools.cache
def _before() -> Path:
    """A run of some steps, whose moments are not 0."""
    options = ("--init", model_of(272), "--num-steps", "3")
    return trained(*options, *CPU, dataset=shards(), run=workshop() / "mid-run", length=16)


FALSIFIER = one_law(__doc__, cases, reading, name=__name__, unit="tensors", fewest=FEWEST)
