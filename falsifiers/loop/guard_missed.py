"""A run that has diverged is stopped within 40 steps, says so, and ends with a status of its own.

Hunts for: a guard that is not asked, or that takes what is no number for a good one.
Why it matters: hours of a device are spent on weights that are infinite.
How it looks: a record that goes on with NaN; a status of 0 at its end.
If it strikes, suspect: a comparison that NaN passes, a guard whose answer nobody reads, losses that are clipped.
Blind spots: a run that diverges slowly, below the guard's ceiling.
Sources: paiml/aprender pull request 1070; pytorch issue 40497 (NaN compares false).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from falsifiers.law import one_law
from falsifiers.loop.record import reason, rows
from falsifiers.program import model_of, pretrain, shards, workshop

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

FEWEST = 5
"""A case is a training of several seconds."""
DIVERGED = 3
WITHIN = 40
"""Steps from the first bad loss or gradient."""
CEILING = 1.5
"""Times ln V, or the run's first loss where that is larger."""
STEPS = ("--num-steps", "80", "--warmup-steps", "0")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A rate that no model survives, and the seed of the order of the data."""

    rate: float
    seed: int


def cases(_subject: None) -> SearchStrategy[Case]:
    """Rates that end in large losses, and rates that end in no number at all."""
    from hypothesis import strategies as st

    return st.builds(Case, rate=st.sampled_from([1e3, 1e6, 1e30, 1e36]), seed=st.integers(0, 3))


def reading(_subject: None, case: Case) -> float:
    """How many promises are broken."""
    run = workshop() / "diverged"
    more = (*STEPS, "--learning-rate", str(case.rate), "--seed", str(case.seed))
    ran = pretrain("--init", model_of(272), *more, shards=shards(), run=run)
    found = rows(run)
    limit = CEILING * max(math.log(272), float(found[0]["loss"]))
    sound = [float(row["loss"]) <= limit and math.isfinite(float(row["grad_norm"])) for row in found]
    late = all(sound) or len(sound) - sound.index(False) > WITHIN
    return float((ran.status != DIVERGED) + (reason(run) != "diverged") + late)


FALSIFIER = one_law(__doc__, cases, reading, name=__name__, fewest=FEWEST)
