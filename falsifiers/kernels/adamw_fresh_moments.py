"""A fine-tune from a checkpoint takes its weights and nothing else: it is the fine-tune from the weights alone.

Hunts for: moments, or a count of steps, that are taken over from the run before.
Why it matters: moments of another task push the first steps, and an old count leaves out the correction of the bias.
How it looks: two fine-tunes from one model that differ by the folder which it was read from.
If it strikes, suspect: a restore of the whole state where only the weights were asked for.
Blind spots: a state that the export would carry as well.
Sources: Kingma and Ba 2014, arXiv:1412.6980, algorithm 1: both moments start at 0.
"""

from __future__ import annotations

import functools
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from falsifiers.kernels.command import trained
from falsifiers.law import one_law
from falsifiers.loop.record import final_digests, finished
from falsifiers.program import aprtrain, model_of, shards, workshop

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FEWEST = 5
"""A case is two trainings of a few seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Seed and rate of the fine-tune."""

    seed: int
    rate: float


def cases(_subject: None) -> SearchStrategy[Case]:
    """Any seed, two rates."""
    from hypothesis import strategies as st

    return st.builds(Case, seed=st.integers(0, 3), rate=st.sampled_from([1e-3, 1e-2]))


def reading(_subject: None, case: Case) -> float:
    """Final tensors that differ between the fine-tune from a run and the one from its exported weights."""
    run = _before()
    options = ("--seed", str(case.seed), "--learning-rate", str(case.rate))
    ends = [
        final_digests(trained("--init", init, *options, dataset=shards(), run=workshop() / name, length=16))
        for init, name in ((run, "from-run"), (run.with_name("before-weights"), "from-weights"))
    ]
    return float(sum(ends[0].get(name) != ends[1].get(name) for name in ends[0] | ends[1]))


@functools.cache
def _before() -> Path:
    """A run of some steps, whose moments are not 0, and its weights exported beside it."""
    options = ("--init", model_of(272), "--num-steps", "4")
    run = trained(*options, dataset=shards(), run=workshop() / "before", length=16)
    weights = run.with_name("before-weights")
    shutil.rmtree(weights, ignore_errors=True)
    finished(aprtrain("export", run, "-o", weights, cwd=workshop()))
    return run


FALSIFIER = one_law(__doc__, cases, reading, name=__name__, unit="tensors", fewest=FEWEST)
