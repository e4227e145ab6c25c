"""Ten steps from scratch are ten steps from an init that holds the weights which were drawn, bit for bit.

Hunts for: an option of inits that changes the order of the data, the rate, or the weights of a run that has none.
Why it matters: every run before the option becomes incomparable with every run after it.
How it looks: two curves that part at step 0 (weights), at step 1 (rate), or later (data).
If it strikes, suspect: a random state that is drawn from twice, a default that depends on the init.
Blind spots: what both paths changed alike since an earlier version.
Sources: public pull requests 1472 to 1494 of paiml/aprender, 2026.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from falsifiers.kernels.command import CPU, trained
from falsifiers.law import one_law
from falsifiers.loading.drawn import drawn, scratch
from falsifiers.loop.record import losses
from falsifiers.program import CONFIG, shards, workshop

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FEWEST = 5
"""A case is a training of two seconds."""
STEPS = ("--num-steps", "10", "--learning-rate", "0.01", "--warmup-steps", "2")
WAYS = ("a run", "a checkpoint", "safetensors")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Seed of the run, and how the drawn weights are given."""

    seed: int
    way: str


def cases(_subject: None) -> SearchStrategy[Case]:
    """Each way for each of two seeds."""
    from hypothesis import strategies as st

    return st.builds(Case, seed=st.integers(0, 1), way=st.sampled_from(WAYS))


def reading(_subject: None, case: Case) -> float:
    """Largest difference of the losses of one step."""
    wanted, inits = _from_scratch(case.seed)
    init = inits[WAYS.index(case.way)]
    seeded = ("--init", init, "--seed", str(case.seed), *CPU)
    found = losses(trained(*seeded, *STEPS, dataset=shards(), run=workshop() / "from-an-init", length=16))
    return float(np.max(np.abs(np.subtract(found, wanted)))) if len(found) == len(wanted) == 10 else float("nan")


@functools.cache
def _from_scratch(seed: int) -> tuple[list[float], tuple[Path, Path, Path]]:
    """The losses of ten steps from scratch, and the weights before them, each way."""
    run, model = drawn(CONFIG, seed)
    run, model = run.rename(run.with_name(f"drawn-run-{seed}")), model.rename(model.with_name(f"drawn-{seed}"))
    return losses(scratch(CONFIG, seed, *STEPS)), (run, run / "checkpoint", model)


FALSIFIER = one_law(__doc__, cases, reading, name=__name__, unit="nats/token", fewest=FEWEST)
